//go:build cgo && (linux || darwin)

package reader

/*
#cgo linux LDFLAGS: -ldl
#cgo darwin LDFLAGS: -framework PCSC
#include <stdlib.h>
#include "pcsc.h"
*/
import "C"

import (
	"errors"
	"sync"
	"time"
	"unsafe"
)

// pcsc is the service of Linux and macOS.
type pcsc struct {
	mu        sync.Mutex // of context: cancel comes from another goroutine
	context   C.intptr_t
	connected bool
}

// load is done once: the library stays, and its functions with it.
var load = sync.OnceValue(func() error {
	if why := C.antin_pcsc_load(); why != nil {
		return errors.New(C.GoString(why))
	}
	return nil
})

func openService() (service, error) {
	if err := load(); err != nil {
		return nil, err
	}
	return &pcsc{}, nil
}

func result(rv C.uint32_t) error {
	if rv == 0 {
		return nil
	}
	return failure(rv)
}

func (p *pcsc) connect() error {
	var c C.intptr_t
	if err := result(C.antin_pcsc_connect(&c)); err != nil {
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
		var size C.uint32_t
		if err := result(C.antin_pcsc_readers(p.context, nil, &size)); err != nil {
			return nil, err
		}
		if size == 0 {
			return nil, nil
		}
		list := make([]byte, size)
		err := result(C.antin_pcsc_readers(p.context, (*C.char)(unsafe.Pointer(&list[0])), &size))
		if errors.Is(err, insufficient) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return names(list[:size]), nil
	}
}

func (p *pcsc) change(within time.Duration, states []*state) error {
	// The array and the names lie in C memory: the call keeps pointers in it.
	array := (*C.struct_antin_state)(C.calloc(C.size_t(len(states)), C.sizeof_struct_antin_state))
	if array == nil {
		return errors.New("reader: out of memory")
	}
	defer C.free(unsafe.Pointer(array))
	native := unsafe.Slice(array, len(states))
	for i, s := range states {
		native[i].name = C.CString(s.name)
		defer C.free(unsafe.Pointer(native[i].name))
		native[i].current = C.uint32_t(s.current)
	}
	err := result(C.antin_pcsc_change(p.context, C.uint32_t(within.Milliseconds()), array, C.uint32_t(len(states))))
	if err != nil {
		return err
	}
	for i, s := range states {
		s.event = uint32(native[i].event)
		s.atr = C.GoBytes(unsafe.Pointer(&native[i].atr[0]), C.int(min(native[i].atr_size, maxATR)))
	}
	return nil
}

func (p *pcsc) cancel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connected {
		C.antin_pcsc_cancel(p.context)
	}
}

func (p *pcsc) disconnect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connected {
		C.antin_pcsc_disconnect(p.context)
	}
	p.connected = false
}

func (p *pcsc) rests(error) bool { return false }
