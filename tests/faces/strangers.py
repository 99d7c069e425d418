"""Pages of strangers: another web server on this computer, whose page tries everything at an address it is given."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TRIES = """
async (target) => {
  const screen = target.replace("http", "ws") + "screen";
  const outcome = (promise) => promise.then((got) => got, (error) => "failed");
  const loaded = (element) => new Promise((done) => {
    element.onload = () => done("loaded");
    element.onerror = () => done("failed");
    document.body.append(element);
  });
  const make = (name, members) => Object.assign(document.createElement(name), members);
  const socket = (url) => new Promise((done) => {
    const connection = new WebSocket(url);
    connection.onopen = () => { connection.send('["stdin", "x"]'); done("open"); };
    connection.onerror = () => done("failed");
  });
  const frame = make("iframe", { src: target });
  await loaded(frame);
  const opened = window.open(target);
  await new Promise((done) => setTimeout(done, 1000));
  const reached = (get) => { try { return String(get()); } catch (error) { return "failed"; } };
  return {
    fetch: await outcome(fetch(target).then((answer) => answer.text())),
    blind: await outcome(fetch(target, { mode: "no-cors" }).then((answer) => answer.type)),
    posted: await outcome(fetch(target + "screen", { method: "POST", mode: "no-cors", body: "x" }).then((a) => a.type)),
    socket: await socket(screen),
    script: await loaded(make("script", { src: target + "textual.js" })),
    style: await loaded(make("link", { rel: "stylesheet", href: target + "page.css" })),
    frame: reached(() => frame.contentDocument.body.innerHTML),
    opened: opened === null ? "failed" : reached(() => opened.document.body.innerHTML),
  };
}
"""
"""What a page can try. Where the browser lets a request out at all, `opaque` says that its answer stays hidden."""


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>stranger</title><body>hello</body>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name of the base class
        pass


@contextmanager
def stranger() -> Iterator[int]:
    """The port of a stranger's web server on this computer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
