package gui

import (
	"context"
	"sync"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/token"
)

// tokens is what is plugged in, kept current by goroutines of its own.
type tokens struct {
	do   func(func()) // runs something on the user interface's goroutine
	ctx  context.Context
	stop context.CancelFunc
	done chan struct{} // closed when nothing asks any more

	mu        sync.Mutex
	list      *signer.TokenList // nil until the first listing is done
	state     frame.TokenState
	listeners map[int]func()
	last      int // number of the last listener
}

var _ frame.Devices = (*tokens)(nil)

// watch starts to look for tokens.
func watch(o signer.TokenOptions, do func(func())) *tokens {
	t := &tokens{do: do, done: make(chan struct{}), listeners: map[int]func(){}, state: frame.TokenState{Looking: true}}
	t.ctx, t.stop = context.WithCancel(context.Background())
	go t.run(o)
	return t
}

func (t *tokens) run(o signer.TokenOptions) {
	defer close(t.done)
	list := signer.Tokens(t.ctx, o)
	t.mu.Lock()
	t.list = list
	t.mu.Unlock()
	t.publish()
	_ = list.Watch(t.ctx, t.publish) // ends with the context
}

// publish takes the state of the list and tells everybody.
func (t *tokens) publish() {
	state := frame.TokenState{Tokens: t.list.All(), Problem: t.list.Nothing()}
	for i, one := range state.Tokens {
		state.Tokens[i].PIN = t.list.PIN(one)
	}
	t.mu.Lock()
	t.state = state
	t.mu.Unlock()
	t.do(func() {
		t.mu.Lock()
		var all []func()
		for i := 1; i <= t.last; i++ {
			if changed := t.listeners[i]; changed != nil {
				all = append(all, changed)
			}
		}
		t.mu.Unlock()
		for _, changed := range all {
			changed()
		}
	})
}

// State implements frame.Tokens.
func (t *tokens) State() frame.TokenState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// Listen implements frame.Tokens.
func (t *tokens) Listen(changed func()) (stop func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	n := t.last
	t.listeners[n] = changed
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.listeners, n)
	}
}

// listed is the list once there is one.
func (t *tokens) listed() *signer.TokenList {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.list
}

// Key implements frame.Tokens.
func (t *tokens) Key(who string, ask signer.PINFunc) (frame.Key, error) {
	l := t.listed()
	if l == nil {
		return nil, token.ErrNoToken
	}
	k, err := l.Key(who, ask)
	if err != nil {
		return nil, err
	}
	return &key{k, t}, nil
}

// key looks at the tokens again when it was used: a wrong PIN changes what they
// say.
type key struct {
	*signer.TokenKey
	tokens *tokens
}

func (k *key) Close() error {
	err := k.TokenKey.Close()
	k.tokens.Look()
	return err
}

// Modules implements frame.Devices.
func (t *tokens) Modules() []signer.ModuleState {
	if l := t.listed(); l != nil {
		return l.Modules()
	}
	return nil
}

// Look implements frame.Devices.
func (t *tokens) Look() {
	if l := t.listed(); l != nil {
		go func() {
			l.Refresh(t.ctx)
			t.publish()
		}()
	}
}

// ChangePIN implements frame.Devices.
func (t *tokens) ChangePIN(ctx context.Context, one token.Token, old, next []byte, opts ...token.LoginOption) error {
	l := t.listed()
	if l == nil {
		clear(old)
		clear(next)
		return token.ErrNoToken
	}
	defer t.Look()
	return l.ChangePIN(ctx, one, old, next, opts...)
}

// close ends the helpers and with them every login.
func (t *tokens) close() error {
	t.stop()
	<-t.done
	return t.list.Close()
}
