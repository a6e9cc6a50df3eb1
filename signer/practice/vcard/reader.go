package vcard

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrUnavailable: there can be no virtual reader on this machine; the text says
// what is missing.
var ErrUnavailable = errors.New("vcard: no virtual reader here")

// HostCommand is the first argument with which [Start] calls the executable
// that it runs in; main (or TestMain) hands such a call to [Host].
const HostCommand = "vcard-host"

// Reader is a PC/SC service of its own with one virtual reader.
type Reader struct {
	dir  string
	host *exec.Cmd
	tell io.WriteCloser
	hear *bufio.Reader

	mu   sync.Mutex
	conn net.Conn      // of the card that is inserted
	gone chan struct{} // closed when its goroutine has ended
}

// startTimeout is generous: pcscd needs about 0.2 s.
const startTimeout = 10 * time.Second

// Start starts pcscd with a reader in it; dir takes its sockets and files and
// should have a short path. It needs the Debian packages pcscd and
// vsmartcard-vpcd, and root or user namespaces. Close the reader afterwards.
func Start(dir string) (*Reader, error) {
	r := &Reader{dir: dir}
	if err := available(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r.host = exec.Command(exe, HostCommand, dir)
	var report strings.Builder
	r.host.Stderr = &report
	if r.tell, err = r.host.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := r.host.StdoutPipe()
	if err != nil {
		return nil, err
	}
	r.hear = bufio.NewReader(out)
	isolate(r.host)
	if err := r.host.Start(); err != nil {
		return nil, fmt.Errorf("%w: namespaces: %w", ErrUnavailable, err)
	}
	if err := r.await("running"); err != nil {
		_ = r.tell.Close()
		_ = r.host.Wait() // err and the report say more
		log, _ := os.ReadFile(filepath.Join(dir, "pcscd.log"))
		return nil, fmt.Errorf("%w: %w %s %s", ErrUnavailable, err, report.String(), log)
	}
	return r, nil
}

// await reads the word that the host answers with.
func (r *Reader) await(word string) error {
	line := make(chan string, 1)
	go func() {
		text, _ := r.hear.ReadString('\n')
		line <- strings.TrimSpace(text)
	}()
	select {
	case got := <-line:
		if got != word {
			return fmt.Errorf("vcard: host said %q instead of %q", got, word)
		}
		return nil
	case <-time.After(startTimeout):
		_ = r.host.Process.Kill()
		return fmt.Errorf("vcard: host did not say %q", word)
	}
}

func (r *Reader) order(command, answer string) error {
	if _, err := io.WriteString(r.tell, command+"\n"); err != nil {
		return err
	}
	return r.await(answer)
}

// Env is the environment entry that leads PC/SC clients here.
func (r *Reader) Env() string { return socketVariable + "=" + r.Socket() }

// socketVariable is read by pcsc-lite's client library.
const socketVariable = "PCSCLITE_CSOCK_NAME"

// Socket is the value of PCSCLITE_CSOCK_NAME.
func (r *Reader) Socket() string { return filepath.Join(r.dir, "run", "pcscd", "pcscd.comm") }

// StopService ends pcscd, as a crash would; the card falls out.
func (r *Reader) StopService() error {
	r.Remove()
	return r.order("stop", "stopped")
}

// StartService starts pcscd anew, without a card.
func (r *Reader) StartService() error { return r.order("start", "running") }

// Insert puts the card into the reader, instead of one that is there. The
// service notices within half a second.
func (r *Reader) Insert(c *Card) error {
	r.Remove()
	conn, err := net.Dial("unix", filepath.Join(r.dir, "card"))
	if err != nil {
		return fmt.Errorf("inserting card: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	gone := make(chan struct{})
	r.conn, r.gone = conn, gone
	c.reset()
	go func() {
		defer close(gone)
		defer conn.Close()
		c.serve(conn)
	}()
	return nil
}

// Remove pulls the card out, in the middle of whatever it does.
func (r *Reader) Remove() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn == nil {
		return
	}
	_ = r.conn.Close() // it is cut off either way
	r.conn = nil
}

// Close ends everything.
func (r *Reader) Close() error {
	r.Remove()
	_ = r.tell.Close() // the host ends with its input
	done := make(chan error, 1)
	go func() { done <- r.host.Wait() }()
	select {
	case err := <-done:
		return err
	case <-time.After(startTimeout):
		_ = r.host.Process.Kill()
		return <-done
	}
}

// The control bytes of vpcd's protocol: messages with a length of two bytes, of
// which those of one byte are for the reader's driver.
const controlATR = 4 // others: power off 0, on 1, reset 2

// serve is the card's side of the connection to the reader's driver.
func (c *Card) serve(conn net.Conn) {
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		message := make([]byte, size)
		if _, err := io.ReadFull(conn, message); err != nil {
			return
		}
		var answer []byte
		switch {
		case size == 1 && message[0] == controlATR:
			answer = c.ATR()
		case size == 1:
			c.reset()
			continue
		default:
			answer = c.transmit(message)
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

// OpenSC is the path of OpenSC's PKCS#11 module, which speaks PIV.
func OpenSC() (string, error) {
	for _, pattern := range []string{"/usr/lib/*/opensc-pkcs11.so", "/usr/lib64/opensc-pkcs11.so", "/usr/lib/opensc-pkcs11.so"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("%w: opensc-pkcs11.so not found, install the package opensc-pkcs11", ErrUnavailable)
}
