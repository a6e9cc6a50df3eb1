package reader

import (
	"errors"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winscard            = windows.NewLazySystemDLL("winscard.dll")
	procEstablish       = winscard.NewProc("SCardEstablishContext")
	procRelease         = winscard.NewProc("SCardReleaseContext")
	procListReaders     = winscard.NewProc("SCardListReadersW")
	procGetStatusChange = winscard.NewProc("SCardGetStatusChangeW")
	procCancel          = winscard.NewProc("SCardCancel")
)

// pcsc is the service of Windows. It stops by itself when the last reader is
// pulled out and starts with the first: while it is down there are no readers.
type pcsc struct {
	mu        sync.Mutex // of context: cancel comes from another goroutine
	context   uintptr
	connected bool
}

// readerState is SCARD_READERSTATEW.
type readerState struct {
	name                    *uint16
	user                    uintptr
	current, event, atrSize uint32
	atr                     [36]byte
}

func openService() (service, error) {
	for _, p := range []*windows.LazyProc{procEstablish, procRelease, procListReaders, procGetStatusChange, procCancel} {
		if err := p.Find(); err != nil {
			return nil, err
		}
	}
	return &pcsc{}, nil
}

func call(p *windows.LazyProc, args ...uintptr) error {
	if rv, _, _ := p.Call(args...); uint32(rv) != 0 {
		return failure(rv)
	}
	return nil
}

func (p *pcsc) connect() error {
	const scopeSystem = 2
	var c uintptr
	if err := call(procEstablish, scopeSystem, 0, 0, uintptr(unsafe.Pointer(&c))); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.context, p.connected = c, true
	return nil
}

func (p *pcsc) readers() ([]string, error) {
	const insufficient = failure(0x80100008) // readers came between the two calls
	for {
		var size uint32
		if err := call(procListReaders, p.context, 0, 0, uintptr(unsafe.Pointer(&size))); err != nil {
			return nil, err
		}
		if size == 0 {
			return nil, nil
		}
		list := make([]uint16, size)
		err := call(procListReaders, p.context, 0, uintptr(unsafe.Pointer(&list[0])), uintptr(unsafe.Pointer(&size)))
		if err == insufficient {
			continue
		}
		if err != nil {
			return nil, err
		}
		var found []string
		for rest := list[:min(int(size), len(list))]; len(rest) > 0; {
			end := slices.Index(rest, 0)
			if end <= 0 {
				break
			}
			found = append(found, syscall.UTF16ToString(rest[:end]))
			rest = rest[end+1:]
		}
		return found, nil
	}
}

func (p *pcsc) change(within time.Duration, states []*state) error {
	native := make([]readerState, len(states))
	for i, s := range states {
		name, err := windows.UTF16PtrFromString(s.name)
		if err != nil {
			return err
		}
		native[i].name, native[i].current = name, s.current
	}
	err := call(procGetStatusChange, p.context, uintptr(within.Milliseconds()), uintptr(unsafe.Pointer(&native[0])), uintptr(len(native)))
	if err != nil {
		return err
	}
	for i, s := range states {
		s.event = native[i].event
		s.atr = slices.Clone(native[i].atr[:min(native[i].atrSize, maxATR)])
	}
	return nil
}

func (p *pcsc) cancel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connected {
		_ = call(procCancel, p.context) // nothing waits: nothing to cancel
	}
}

func (p *pcsc) disconnect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connected {
		_ = call(procRelease, p.context) // the service is gone: so is the context
	}
	p.connected = false
}

// The service is only started with the first reader.
func (p *pcsc) rests(err error) bool {
	return errors.Is(err, errNoService) || errors.Is(err, errStopped)
}
