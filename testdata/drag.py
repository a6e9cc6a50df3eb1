"""Drops files on a window as a file manager does: XDND, version 5.

    drag.py WINDOW X Y FILE...      X and Y are of the screen

It ends well when the window says that it has taken them.
"""
import pathlib
import sys

from Xlib import X, Xatom, display
from Xlib.protocol import event

target, x, y = (int(a) for a in sys.argv[1:4])
uris = "".join(pathlib.Path(f).as_uri() + "\r\n" for f in sys.argv[4:]).encode()
d = display.Display()
atom = d.intern_atom
source = d.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
window = d.create_resource_object("window", target)
source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)


def tell(name, *data):
    message = event.ClientMessage(window=window, client_type=atom(name), data=(32, [source.id, *data] + [0] * (4 - len(data))))
    window.send_event(message)
    d.flush()


tell("XdndEnter", 5 << 24, atom("text/uri-list"))
tell("XdndPosition", 0, x << 16 | y, X.CurrentTime, atom("XdndActionCopy"))
while True:
    e = d.next_event()
    if e.type == X.SelectionRequest:  # the window asks for what is dropped
        e.requestor.change_property(e.property, Xatom.STRING if e.target != atom("text/uri-list") else e.target, 8, uris)
        e.requestor.send_event(event.SelectionNotify(time=e.time, requestor=e.requestor, selection=e.selection, target=e.target, property=e.property))
        d.flush()
    elif e.type == X.ClientMessage and e.client_type == atom("XdndStatus"):
        if not e.data[1][1] & 1:
            sys.exit("the window takes nothing here")
        tell("XdndDrop", 0, X.CurrentTime)
    elif e.type == X.ClientMessage and e.client_type == atom("XdndFinished"):
        sys.exit(0)
