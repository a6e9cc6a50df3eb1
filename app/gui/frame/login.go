package frame

import (
	"sync"

	"antin/signer"
)

// Login is a key on a token while documents are signed with it: one login, one
// PIN. Its zero value is logged out. Its methods may be called from any goroutine.
type Login struct {
	mu  sync.Mutex
	key Key
}

// Key is the key of the certificate that who means, ask gets its PIN; the same
// until Out. It may take a second: call it beside the user interface.
func (l *Login) Key(t Tokens, who string, ask signer.PINFunc) (Key, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key == nil {
		key, err := t.Key(who, ask)
		if err != nil {
			return nil, err
		}
		l.key = key
	}
	return l.key, nil
}

// Out logs out, beside the user interface since it may wait for the token. The
// next document asks for the PIN anew.
func (l *Login) Out(beside Runner) {
	beside(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.key != nil {
			_ = l.key.Close() // a token that was pulled has nothing to log out of
			l.key = nil
		}
	}, func() {})
}
