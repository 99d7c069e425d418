"""The phone: it holds local access keys, looks at pictures, and answers challenges with one-time PINs.

A key arrives as an enrolment package in a picture and stays the encrypted package that it was: the phone asks for its passphrase each
time, so no private key lies on its disk. A phone with a passphrase of its own keeps everything in one vault, and its passphrase opens the
keys. It needs no network, and never meets a PC but through a picture.
"""
