"""The phone as one holds it: a small portrait screen with the pages of the vendor's guide.

Everything that the phone knows and does stands in `phone`; here it is only shown and asked for. The guide names the pages *Registration*,
*Scan QR code* and *Your PIN*; the list of keys, the card of the machine, the history and what lies under *More* are ours.
"""
