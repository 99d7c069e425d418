"""The administrator's console as a wizard, page by page as the vendor's guide tells it.

`wizard` holds what has been chosen and what may come next, and knows no widget. The pages show it and change it; whatever signs, draws or
writes is what the verbs of `f10 admin` use as well. Private keys and passphrases stand in no text that is shown, and a page that is
left takes its fields with it.
"""
