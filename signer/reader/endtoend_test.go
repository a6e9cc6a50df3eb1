package reader_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice/machine"
	"antin/signer/practice/vcard"
	"antin/signer/reader"
	"antin/signer/token"
	"antin/signer/worker"
)

// TestMain shows all that a program dispatches for tokens and for practice.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 3 && os.Args[1] == "worker" && os.Args[2] == "token":
		os.Exit(token.ServeModule(os.Args[3:]))
	case len(os.Args) > 1 && os.Args[1] == vcard.HostCommand:
		os.Exit(vcard.Host(os.Args[2:]))
	}
	code := m.Run()
	if shared != nil {
		if err := shared.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		os.RemoveAll(sharedDir)
	}
	os.Exit(code)
}

const pin = "246810"

// The client library of pcsc-lite asks for its socket once in the life of a
// process, so all tests share one service.
var (
	shared    *vcard.Reader
	sharedDir string
	openStack = sync.OnceValue(func() (err error) {
		if sharedDir, err = os.MkdirTemp("", "pcsc-"); err != nil { // paths of sockets are short
			return err
		}
		if shared, err = vcard.Start(sharedDir); err != nil {
			os.RemoveAll(sharedDir)
			return err
		}
		name, value, _ := strings.Cut(shared.Env(), "=")
		return os.Setenv(name, value)
	})
)

// stack is a PC/SC service with an empty virtual reader. It skips where there
// can be none.
func stack(t *testing.T) *vcard.Reader {
	t.Helper()
	err := openStack()
	if errors.Is(err, vcard.ErrUnavailable) {
		machine.Lacks(t, "no real PC/SC path: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		shared.Remove()
		time.Sleep(500 * time.Millisecond) // until the service has seen it
	})
	return shared
}

func newCard(t *testing.T) *vcard.Card {
	t.Helper()
	var keys []vcard.Key
	for serial, slot := range []vcard.Slot{vcard.Authentication, vcard.Signature} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(serial + 1)), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			Subject:  pkix.Name{CommonName: map[vcard.Slot]string{vcard.Authentication: "PIN một lần", vcard.Signature: "PIN mỗi lần"}[slot]},
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, vcard.Key{Slot: slot, Certificate: cert, Private: key})
	}
	return vcard.New(pin, keys...)
}

func watch(t *testing.T) <-chan reader.Event {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	events, err := reader.Watch(ctx, reader.Options{})
	if errors.Is(err, reader.ErrUnavailable) {
		machine.Lacks(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		for range events { // until it is closed
		}
	})
	return events
}

// want receives events until one of this kind, and tells how long it took.
func want(t *testing.T, events <-chan reader.Event, kind reader.Kind, since time.Time) (reader.Event, time.Duration) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatalf("the channel was closed before %v", kind)
			}
			if e.Kind == kind {
				return e, time.Since(since)
			}
		case <-deadline:
			t.Fatalf("waited 10 s for %v", kind)
		}
	}
}

// within is the promise to the user.
func within(t *testing.T, what string, d time.Duration) {
	t.Helper()
	t.Logf("%-40s %4d ms", what, d.Milliseconds())
	if d > 2*time.Second {
		t.Errorf("%s took %v, promised are 2 s", what, d)
	}
}

func TestEventsOfARealService(t *testing.T) {
	r := stack(t)
	card := newCard(t)
	began := time.Now()
	events := watch(t)
	added, d := want(t, events, reader.ReaderAdded, began)
	if !strings.Contains(added.Reader, "Virtual PCD") {
		t.Errorf("reader %q", added.Reader)
	}
	within(t, "first reader", d)
	_, d = want(t, events, reader.Ready, began)
	within(t, "state complete", d)

	insert := func(what string) {
		t.Helper()
		began := time.Now()
		if err := r.Insert(card); err != nil {
			t.Fatal(err)
		}
		e, d := want(t, events, reader.CardInserted, began)
		within(t, what, d)
		if string(e.ATR) != string(card.ATR()) || !strings.Contains(e.Reader, "Virtual PCD") {
			t.Errorf("inserted: %+v", e)
		}
	}
	for range 3 {
		insert("insertion")
		began = time.Now()
		r.Remove()
		e, d := want(t, events, reader.CardRemoved, began)
		within(t, "removal", d)
		if string(e.ATR) != string(card.ATR()) {
			t.Errorf("removed: %+v", e)
		}
	}

	insert("insertion before the service stops")
	began = time.Now()
	if err := r.StopService(); err != nil {
		t.Fatal(err)
	}
	if _, d = want(t, events, reader.ReaderRemoved, began); d > 5*time.Second {
		t.Errorf("loss of the service was noticed after %v", d)
	}
	lost, d := want(t, events, reader.ServiceLost, began)
	within(t, "service lost", d)
	if !errors.Is(lost.Err, reader.ErrService) {
		t.Errorf("service lost: %v", lost.Err)
	}
	time.Sleep(1500 * time.Millisecond) // more than one attempt in vain
	began = time.Now()
	if err := r.StartService(); err != nil {
		t.Fatal(err)
	}
	_, d = want(t, events, reader.Ready, began)
	within(t, "service back, with its start", d)
	insert("insertion after the restart")
}

// Watching ends with its context, whatever the service does, and leaves no
// goroutine behind.
func TestWatchEnds(t *testing.T) {
	stack(t)
	before := runtime.NumGoroutine()
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		events, err := reader.Watch(ctx, reader.Options{})
		if err != nil {
			machine.Lacks(t, err)
		}
		want(t, events, reader.Ready, time.Now())
		time.Sleep(10 * time.Millisecond) // until it waits
		began := time.Now()
		cancel()
		for range events {
		}
		if d := time.Since(began); d > 500*time.Millisecond {
			t.Errorf("ended after %v", d)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	all := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, all[:runtime.Stack(all, true)])
}

func TestServiceThatDoesNotRun(t *testing.T) {
	r := stack(t)
	if err := r.StopService(); err != nil {
		t.Fatal(err)
	}
	events := watch(t)
	lost, _ := want(t, events, reader.ServiceLost, time.Now())
	if !errors.Is(lost.Err, reader.ErrService) {
		t.Errorf("%v", lost.Err)
	}
	select {
	case e := <-events:
		t.Errorf("told again: %+v", e)
	case <-time.After(1200 * time.Millisecond):
	}
	began := time.Now()
	if err := r.StartService(); err != nil {
		t.Fatal(err)
	}
	_, d := want(t, events, reader.Ready, began)
	within(t, "service found after it was started", d)
}

// TestCardEndToEnd signs with OpenSC's module on the virtual card: the whole
// way from the reader's driver to the session, and all that a user does to it.
func TestCardEndToEnd(t *testing.T) {
	r := stack(t)
	module, err := vcard.OpenSC()
	if err != nil {
		machine.Lacks(t, err)
	}
	card := newCard(t)
	events := watch(t)
	want(t, events, reader.Ready, time.Now())
	driver := token.Open(module, worker.Options{})
	t.Cleanup(func() { driver.Close() })

	plugIn := func() {
		t.Helper()
		if err := r.Insert(card); err != nil {
			t.Fatal(err)
		}
		want(t, events, reader.CardInserted, time.Now())
	}
	list := func() token.Token {
		t.Helper()
		began := time.Now()
		tokens, err := driver.Tokens(t.Context())
		if err != nil || len(tokens) != 1 {
			t.Fatalf("tokens %+v, %v", tokens, err)
		}
		t.Logf("%-40s %4d ms", "listing", time.Since(began).Milliseconds())
		return tokens[0]
	}
	login := func(tok token.Token, cert *x509.Certificate, pin string, opts ...token.LoginOption) (*token.Session, error) {
		return driver.Login(t.Context(), tok, cert, []byte(pin), opts...)
	}
	sign := func(ctx context.Context, s *token.Session) error {
		digest := sha256.Sum256([]byte("Quyết định số 121/QĐ-UBND"))
		message, err := cms.Profile{Certificate: s.Certificate()}.SignedAttributes(digest[:])
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Sign(ctx, message, crypto.SHA256, cms.PKCS1v15)
		return err
	}
	mustSign := func(s *token.Session, times int) {
		t.Helper()
		for range times {
			began := time.Now()
			if err := sign(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			t.Logf("%-40s %4d ms", "signature", time.Since(began).Milliseconds())
		}
	}

	if tokens, err := driver.Tokens(t.Context()); err != nil || len(tokens) != 0 {
		t.Errorf("before the card is inserted: %+v, %v", tokens, err)
	}
	plugIn()
	tok := list()
	if tok.Problem != nil || len(tok.Signers()) != 2 {
		t.Fatalf("token %+v with %d certificates", tok, len(tok.Signers()))
	}
	cert := map[string]*x509.Certificate{}
	for _, c := range tok.Signers() {
		cert[c.X509.Subject.CommonName] = c.X509
	}
	once, each := cert["PIN một lần"], cert["PIN mỗi lần"]

	s, err := login(tok, once, pin)
	if err != nil {
		t.Fatal(err)
	}
	asked := card.Asked()
	mustSign(s, 3)
	if card.Asked() != asked {
		t.Errorf("the card was asked %d more PINs for three signatures of one login", card.Asked()-asked)
	}

	// Pulled out in the middle of a batch.
	r.Remove()
	want(t, events, reader.CardRemoved, time.Now())
	if err := sign(t.Context(), s); !errors.Is(err, token.ErrRemoved) {
		t.Errorf("signing without the card: %v, want ErrRemoved", err)
	}
	s.Close()
	asked = card.Asked()
	plugIn()
	if err := sign(t.Context(), s); !errors.Is(err, token.ErrSessionEnded) {
		t.Errorf("the old session after the card came back: %v, want ErrSessionEnded", err)
	}
	tok = list()
	if card.Asked() != asked {
		t.Errorf("%d PINs were sent without the user", card.Asked()-asked)
	}
	if s, err = login(tok, once, pin); err != nil {
		t.Fatal(err)
	}
	mustSign(s, 1)

	// The card does not answer; the user gives up.
	card.Hang(true)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	began := time.Now()
	if err := sign(ctx, s); !errors.Is(err, token.ErrCancelled) {
		t.Errorf("cancelled while the card hangs: %v, want ErrCancelled", err)
	}
	if d := time.Since(began); d > time.Second {
		t.Errorf("giving up took %v", d)
	}
	card.Hang(false)
	s.Close()
	if s, err = login(list(), once, pin); err != nil {
		t.Fatal(err)
	}
	mustSign(s, 1)
	card.Refuse(0x6f00)
	if err := sign(t.Context(), s); !errors.Is(err, token.ErrDriver) {
		t.Errorf("the card refuses to sign: %v, want ErrDriver", err)
	}
	card.Refuse(0)
	s.Close()

	// A key that wants the PIN for each signature.
	if s, err = login(list(), each, pin); err != nil {
		t.Fatal(err)
	}
	mustSign(s, 2)
	s.Close()

	// The counter: three wrong PINs, each of them asked for, then locked.
	tok = list()
	asked = card.Asked()
	for try, want := range []error{token.ErrPINWrong, token.ErrPINWrong, token.ErrPINLocked} {
		var opts []token.LoginOption
		if try > 0 {
			opts = append(opts, token.LastTryConfirmed())
		}
		_, err := login(tok, once, "000000", opts...)
		var e *token.Error
		if !errors.Is(err, want) || !errors.As(err, &e) || e.PIN == nil {
			t.Errorf("wrong PIN %d: %v, want %v with the state", try+1, err, want)
		}
		if card.Tries() != vcard.MaxTries-try-1 || card.Asked() != asked+try+1 {
			t.Errorf("wrong PIN %d: %d tries left, %d PINs sent", try+1, card.Tries(), card.Asked()-asked)
		}
	}
	if tok = list(); !tok.PIN.Locked {
		t.Errorf("PIN state after the third: %+v", tok.PIN)
	}
	if _, err := login(tok, once, pin, token.LastTryConfirmed()); !errors.Is(err, token.ErrPINLocked) || card.Asked() != asked+3 {
		t.Errorf("locked: %v, %d PINs sent", err, card.Asked()-asked)
	}
}
