"""A second start raises the first window instead of opening the workspace twice.

The lock on the workspace itself is kept by the store; this is only the courtesy.
"""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 500


class SingleInstance(QObject):
    """One window for one workspace folder and user.

    Signals:
        raise_asked: another start wants this window in front.
    """

    raise_asked = Signal()

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        digest = hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:16]
        self._name = f"onsite-{digest}"
        self._server: QLocalServer | None = None

    def is_running_elsewhere(self) -> bool:
        """Ask a window that is open already to come to the front; tell whether there is one."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        socket.write(b"raise\n")
        socket.waitForBytesWritten(WAIT_MS)
        socket.disconnectFromServer()
        return True

    def listen(self) -> None:
        """Answer later starts."""
        # A server name left over from a crash would refuse us; nobody answered it just now.
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(self._name)

    def close(self) -> None:
        """Stop answering."""
        if self._server is not None:
            self._server.close()

    def _on_connection(self) -> None:
        if self._server is None:
            return
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raise_asked.emit()
