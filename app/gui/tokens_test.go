package gui

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/token"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "worker" && os.Args[2] == "token" { // a helper of a test
		os.Exit(token.ServeModule(os.Args[3:]))
	}
	os.Exit(m.Run())
}

// What is plugged in is read while it is asked for, signed with and closed.
func TestLiveTokens(t *testing.T) {
	if _, err := practice.SoftHSMModule(); err != nil {
		machine.Lacks(t, err)
	}
	authority, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	id, err := authority.Issue(practice.IdentityOptions{Name: "An", Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	conf, err := practice.NewSoftToken(t.TempDir(), "live", "2468", practice.SoftTokenEntry{Key: id.Signer, Certificate: id.Cert, ID: []byte{1}, Label: "live"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)

	ui := make(chan func(), 100)
	devices := watch(signer.TokenOptions{Folder: t.TempDir()}, func(f func()) { ui <- f })
	if s := devices.State(); !s.Looking {
		t.Errorf("at first: %+v", s)
	}
	if _, err := devices.Key("", nil); !errors.Is(err, token.ErrNoToken) {
		t.Errorf("a key before the first listing: %v", err)
	}
	told := 0
	devices.Listen(func() { told++ })
	wait := func(what string, so func(frame.TokenState) bool) {
		t.Helper()
		for deadline := time.After(30 * time.Second); !so(devices.State()); {
			select {
			case f := <-ui:
				f()
			case <-deadline:
				t.Fatalf("%s: %+v", what, devices.State())
			}
		}
	}
	wait("the token", func(s frame.TokenState) bool { return len(s.Signers()) == 1 && s.Problem == nil })
	if told == 0 {
		t.Error("nobody was told")
	}
	key, err := devices.Key("An", func(context.Context, token.Token, *x509.Certificate) ([]byte, bool, error) {
		return []byte("9999"), false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Sign(t.Context(), []byte("no attributes"), 0, 0); err == nil {
		t.Error("signed with a wrong PIN")
	}
	if err := key.Close(); err != nil {
		t.Error(err)
	}
	wait("a wrong PIN is seen when the key is closed", func(s frame.TokenState) bool { return s.Tokens[0].PIN.Low })
	if err := devices.close(); err != nil {
		t.Error(err)
	}
}
