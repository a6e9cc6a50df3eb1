package signer_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/practice/vcard"
)

// TestTokensComeAndGo: a card that is inserted is in the list within two
// seconds, and gone within two after it was pulled.
func TestTokensComeAndGo(t *testing.T) {
	dir, err := os.MkdirTemp("", "pcsc-") // paths of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	stack, err := vcard.Start(dir)
	if errors.Is(err, vcard.ErrUnavailable) {
		machine.Lacks(t, "no virtual card: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer stack.Close()
	name, value, _ := strings.Cut(stack.Env(), "=")
	t.Setenv(name, value)
	module, err := vcard.OpenSC()
	if err != nil {
		machine.Lacks(t, "no driver for the virtual card: ", err)
	}
	list := signer.Tokens(t.Context(), signer.TokenOptions{Modules: []string{module}})
	defer list.Close()
	ctx, cancel := context.WithCancel(t.Context())
	changes := make(chan int, 16)
	ended := make(chan error, 1)
	go func() { ended <- list.Watch(ctx, func() { changes <- len(list.All()) }) }()
	time.Sleep(500 * time.Millisecond) // the watcher takes its first look

	want := func(tokens int, what string) {
		t.Helper()
		since, deadline := time.Now(), time.After(10*time.Second)
		for {
			select {
			case n := <-changes:
				if n == tokens {
					took := time.Since(since)
					t.Logf("%s: seen after %v", what, took.Round(time.Millisecond))
					if took > 4*time.Second { // two on an idle machine
						t.Errorf("%s: seen after %v", what, took)
					}
					return
				}
			case <-deadline:
				t.Fatalf("%s was never seen", what)
			}
		}
	}
	if err := stack.Insert(practiceCard(t)); err != nil {
		t.Fatal(err)
	}
	want(1, "insertion")
	stack.Remove()
	want(0, "removal")
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the watch ended with %v", err)
	}
}

// TestDriverInstalled: a module that is installed while the program runs is seen
// without a restart, and the list may be read meanwhile.
func TestDriverInstalled(t *testing.T) {
	library, err := practice.SoftHSMModule()
	if err != nil {
		machine.Lacks(t, err)
	}
	key, err := practice.NewKey(practice.P256)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := practice.NewSoftToken(t.TempDir(), "late", "2468", practice.SoftTokenEntry{Key: key, ID: []byte{1}, Label: "late"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
	module := filepath.Join(t.TempDir(), "late.so")
	list := signer.Tokens(t.Context(), signer.TokenOptions{Modules: []string{module}, Folder: t.TempDir()})
	defer list.Close()
	shown := func() int { // by our own module: SoftHSM may be a known one here too
		for _, m := range list.Modules() {
			if m.Path == module {
				return len(m.Tokens)
			}
		}
		return -1
	}
	if n := shown(); n != 0 {
		t.Fatalf("a module that is not there shows %d tokens", n)
	}
	seen := make(chan int, 16)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = list.Watch(ctx, func() { seen <- shown() }) }()
	b, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(module, b, 0o700); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(30 * time.Second); ; {
		select {
		case n := <-seen:
			if n > 0 {
				return
			}
		case <-deadline:
			t.Fatalf("the driver was never seen: %+v", list.Modules())
		case <-time.After(time.Millisecond):
			_, _ = list.Find("late")
		}
	}
}

func practiceCard(t *testing.T) *vcard.Card {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Nguyễn Văn An"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return vcard.New("246810", vcard.Key{Slot: vcard.Authentication, Certificate: cert, Private: key})
}
