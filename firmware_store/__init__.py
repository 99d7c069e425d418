"""The flash image of the emulated PC: bytes, never their meaning."""
