"""Reading QR codes out of pictures, and nothing else: now and then a few bars of one look like a code of another kind."""

import zxingcpp
from PIL import Image

QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def codes_in(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=QR_CODES)]
