package desk

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	answerTime  = 2 * time.Second // the first instance answers at once or not at all
	maxHandOver = 1 << 20         // bytes
)

var errTaken = errors.New("desk: other instances take the socket again and again")

// Instance is the one running program of a user.
type Instance struct {
	listener net.Listener
	received func(files []string)
}

// Single makes this process the one instance of the user, or hands files to the
// one that runs: then first is false, and there is nothing more to do. received
// is called, on a goroutine of its own, with the files of every later start;
// none stands for a start without documents. folder, where the socket is, is
// made when missing. The error tells that other starts cannot be found, and is
// no reason not to go on.
func Single(folder string, files []string, received func(files []string)) (i *Instance, first bool, err error) {
	path := filepath.Join(folder, "window.sock")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, true, err
	}
	for range 3 { // two starts at once take turns
		l, err := net.Listen("unix", path)
		if err == nil {
			i = &Instance{l, received}
			go i.serve()
			return i, true, nil
		}
		if handOver(path, files) {
			return nil, false, nil
		}
		if os.Remove(path) != nil { // it was of a process that is gone
			return nil, true, err
		}
	}
	return nil, true, errTaken
}

// handOver tells whether another instance took the files.
func handOver(path string, files []string) bool {
	c, err := net.DialTimeout("unix", path, answerTime)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(answerTime)) // of a socket, which has deadlines
	if json.NewEncoder(c).Encode(files) != nil {
		return false
	}
	answer, err := bufio.NewReader(c).ReadString('\n')
	return err == nil && answer == "ok\n"
}

func (i *Instance) serve() {
	for {
		c, err := i.listener.Accept()
		if err != nil {
			return // closed
		}
		go i.take(c)
	}
}

// take reads what another start hands over.
func (i *Instance) take(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(answerTime))
	line, err := bufio.NewReaderSize(c, maxHandOver).ReadSlice('\n')
	var files []string
	if err != nil || json.Unmarshal(line, &files) != nil {
		return
	}
	if _, err := c.Write([]byte("ok\n")); err == nil {
		i.received(files)
	}
}

// Close lets the next start be the first. It removes the socket.
func (i *Instance) Close() error { return i.listener.Close() }
