"""How tests of the plugin start pytest within a test: in the order of the file, leaving nothing behind, and every warning an error."""

QUIET = (
    *("-p", "no:randomly", "-p", "no:cacheprovider", "--strict-markers", "-W", "error"),
    # The run around it may have loaded a plugin without rewriting its assertions.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
