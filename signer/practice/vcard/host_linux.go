package vcard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// port is where the reader's driver waits for the card, on every interface: one
// more reason for a network namespace.
const port = 0x8c7b

// driver finds the reader's driver of the package vsmartcard-vpcd.
func driver() (string, error) {
	for _, pattern := range []string{
		"/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
		"/usr/lib64/pcsc/drivers/serial/libifdvpcd.so",
		"/usr/lib/*/pcsc/drivers/serial/libifdvpcd.so",
	} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[0], nil
		}
	}
	return "", errors.New("libifdvpcd.so not found, install the package vsmartcard-vpcd")
}

// daemon finds pcscd, which is no command of ordinary users.
func daemon() (string, error) {
	for _, path := range []string{"/usr/sbin/pcscd", "/sbin/pcscd", "/usr/local/sbin/pcscd"} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("pcscd not found, install the package pcscd")
}

func available() error {
	_, noDaemon := daemon()
	_, noDriver := driver()
	return errors.Join(noDaemon, noDriver)
}

// isolate gives the host its own network and its own view of the file system;
// users other than root need a namespace of users for that.
func isolate(cmd *exec.Cmd) {
	a := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr = a
}

// Host is the process in the namespaces; args is the folder. It runs pcscd and
// carries bytes between the card outside and the reader's driver inside. It ends
// with its standard input.
func Host(args []string) int {
	if len(args) != 1 {
		return 2
	}
	h := &host{dir: args[0]}
	if err := h.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

type host struct {
	dir   string
	pcscd *exec.Cmd
}

func (h *host) run() error {
	runtime.LockOSThread() // the kernel ends pcscd with the thread that started it
	signal.Ignore(os.Interrupt)
	if err := h.prepare(); err != nil {
		return err
	}
	cards, err := net.Listen("unix", filepath.Join(h.dir, "card"))
	if err != nil {
		return err
	}
	go carry(cards)
	if err := h.start(); err != nil {
		return err
	}
	defer h.stop()
	fmt.Println("running")
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		switch orders.Text() {
		case "stop":
			h.stop()
			fmt.Println("stopped")
		case "start":
			if err := h.start(); err != nil {
				return err
			}
			fmt.Println("running")
		}
	}
	return nil
}

// prepare makes the namespaces fit for pcscd: its socket is to appear in our
// folder, and the reader's driver needs a network of one machine.
func (h *host) prepare() error {
	for _, folder := range []string{"run/pcscd", "conf", "none"} {
		if err := os.MkdirAll(filepath.Join(h.dir, folder), 0o755); err != nil {
			return err
		}
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounting: %w", err)
	}
	lib, err := driver()
	if err != nil {
		return err
	}
	conf := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:%#X\nLIBPATH %s\nCHANNELID %#X\n", port, lib, port)
	if err := os.WriteFile(filepath.Join(h.dir, "conf", "vpcd"), []byte(conf), 0o600); err != nil {
		return err
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	if err := syscall.Mount(filepath.Join(h.dir, "run"), "/run", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting: %w", err)
	}
	return nil
}

// loopbackUp does what `ip link set lo up` does.
func loopbackUp() error {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	var request struct { // struct ifreq, netdevice(7)
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP | syscall.IFF_RUNNING
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return errno
	}
	return nil
}

func (h *host) start() error {
	exe, err := daemon()
	if err != nil {
		return err
	}
	// pcscd 1.9 walks every possible descriptor at its start.
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 1024, Max: 1024}); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(h.dir, "pcscd.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	h.pcscd = exec.Command(exe, "--foreground", "--config", filepath.Join(h.dir, "conf"))
	h.pcscd.Stdout, h.pcscd.Stderr = log, log
	// No drivers for readers on USB: those belong to the machine's own pcscd.
	h.pcscd.Env = append(os.Environ(), "PCSCLITE_HP_DROPDIR="+filepath.Join(h.dir, "none"))
	h.pcscd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := h.pcscd.Start(); err != nil {
		return err
	}
	for range 200 {
		if listening() {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	h.stop()
	return errors.New("the driver of the reader does not listen")
}

// listening tells whether the reader's driver waits for a card; a connection to
// find that out would be a card.
func listening() bool {
	for _, table := range []string{"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"} {
		b, _ := os.ReadFile(table) // no table, no socket
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line) // proc_net_tcp(5): local address, state 0A = LISTEN
			if len(f) > 3 && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port)) && f[3] == "0A" {
				return true
			}
		}
	}
	return false
}

func (h *host) stop() {
	if h.pcscd == nil {
		return
	}
	_ = h.pcscd.Process.Kill()
	_ = h.pcscd.Wait() // it was killed
	h.pcscd = nil
}

// carry connects cards to the reader's driver.
func carry(cards net.Listener) {
	for {
		card, err := cards.Accept()
		if err != nil {
			return
		}
		reader, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			card.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{card, reader}, {reader, card}} {
			go func() {
				_, _ = io.Copy(way[0], way[1]) // its end is the news
				card.Close()
				reader.Close()
			}()
		}
	}
}
