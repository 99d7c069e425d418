"""The phone: it holds local access keys, looks at pictures, and answers challenges with one-time PINs.

A key arrives as an enrolment package in a picture and stays the encrypted package that it was: the phone asks for its passphrase each
time, so no private key ever lies on its disk. It needs no network, and never meets a PC but through a picture.
"""
