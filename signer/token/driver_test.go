package token

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"antin/signer/cms"
	"antin/signer/worker"
)

// What pades.Key asks for.
var _ interface {
	Certificate() *x509.Certificate
	Chain() []*x509.Certificate
	Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error)
} = (*Session)(nil)

func TestTokensAreListedWithoutPIN(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	tokens, err := d.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Certificates, Signers int
		PINSet                bool
	}
	got := map[string]row{}
	for _, tok := range tokens {
		got[tok.Label] = row{len(tok.Certificates), len(tok.Signers()), tok.PIN.Set}
		if tok.Problem != nil || tok.Serial == "" || tok.Module != o.module || tok.PIN.Locked {
			t.Errorf("token %+v", tok)
		}
	}
	want := map[string]row{
		"Nguyễn Văn An":      {4, 2, true}, // two of a CA are kept for the chain
		"UBND xã Bình Minh":  {1, 1, true},
		"Token EC":           {2, 2, true},
		"Token dị biệt":      {3, 3, true},
		"Token xác thực lại": {1, 1, true},
		"Token nhập sai":     {1, 1, true},
		"Token nhầm khoá":    {1, 1, true},
		"Token đổi PIN":      {1, 1, true},
		"Token trống":        {0, 0, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func TestSign(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	for _, tc := range []struct {
		name, token string
		cert        *x509.Certificate
		hash        crypto.Hash
		scheme      cms.Scheme
	}{
		{"RSA-2048", "Nguyễn Văn An", o.an, crypto.SHA256, cms.PKCS1v15},
		{"RSA-2048, SHA-512", "Nguyễn Văn An", o.an, crypto.SHA512, cms.PKCS1v15},
		{"RSA-2048, PSS", "Nguyễn Văn An", o.an, crypto.SHA256, cms.PSS},
		{"older certificate of the same key", "Nguyễn Văn An", o.anOld, crypto.SHA256, cms.PKCS1v15},
		{"RSA-3072", "UBND xã Bình Minh", o.ubnd, crypto.SHA384, cms.PKCS1v15},
		{"RSA-3072, PSS", "UBND xã Bình Minh", o.ubnd, crypto.SHA384, cms.PSS},
		{"P-256", "Token EC", o.phuc, crypto.SHA256, cms.ECDSA},
		{"P-256, digest longer than the order", "Token EC", o.phuc, crypto.SHA512, cms.ECDSA},
		{"P-384, scheme left to the key", "Token EC", o.tuyet, crypto.SHA384, 0},
		{"RSA without CKA_ID", "Token dị biệt", o.bare, crypto.SHA256, cms.PKCS1v15},
		{"EC without CKA_ID", "Token dị biệt", o.bareEC, crypto.SHA256, cms.ECDSA},
		{"PIN at every signature", "Token xác thực lại", o.reauth, crypto.SHA256, cms.PKCS1v15},
	} {
		t.Run(tc.name, func(t *testing.T) {
			secret := []byte(pin)
			s, err := d.Login(t.Context(), token(t, d, tc.token), tc.cert, secret)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if !bytes.Equal(secret, make([]byte, len(pin))) {
				t.Errorf("PIN is still %q after Login", secret)
			}
			message := attributes(tc.cert, tc.hash)
			for range 2 { // one login, several documents
				signature, err := s.Sign(t.Context(), message, tc.hash, tc.scheme)
				if err != nil {
					t.Fatal(err)
				}
				if err := cms.CheckSignature(tc.cert, tc.scheme, tc.hash, message, signature); err != nil {
					t.Errorf("signature of %d bytes: %v", len(signature), err)
				}
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			if _, err := s.Sign(t.Context(), message, tc.hash, tc.scheme); !errors.Is(err, ErrSessionEnded) {
				t.Errorf("Sign after Close: %v, want ErrSessionEnded", err)
			}
		})
	}
}

func TestChainComesFromTheToken(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	s, err := d.Login(t.Context(), token(t, d, "Nguyễn Văn An"), o.an, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Chain(); !slices.EqualFunc(got, []*x509.Certificate{o.sub, o.root}, (*x509.Certificate).Equal) {
		t.Errorf("chain of %d certificates, want the CA and the root", len(got))
	}
	if !s.Certificate().Equal(o.an) {
		t.Error("Certificate is another one than that of Login")
	}
}

func TestSignRefuses(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	s, err := d.Login(t.Context(), token(t, d, "Nguyễn Văn An"), o.an, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Sign(t.Context(), []byte("x"), crypto.SHA1, cms.PKCS1v15); !errors.Is(err, ErrUnsupported) {
		t.Errorf("SHA-1: %v, want ErrUnsupported", err)
	}
	if _, err := s.Sign(t.Context(), []byte("x"), crypto.SHA256, cms.ECDSA); !errors.Is(err, ErrUnsupported) {
		t.Errorf("ECDSA with an RSA key: %v, want ErrUnsupported", err)
	}
	if _, err := d.Login(t.Context(), token(t, d, "Nguyễn Văn An"), o.anOld, []byte(pin)); !errors.Is(err, ErrSessionOpen) {
		t.Errorf("second login on the same token: %v, want ErrSessionOpen", err)
	}
	other, err := d.Login(t.Context(), token(t, d, "Token EC"), o.phuc, []byte(pin))
	if err != nil {
		t.Fatalf("a second token beside the first: %v", err)
	}
	defer other.Close()
	if _, err := s.Sign(t.Context(), attributes(o.an, crypto.SHA256), crypto.SHA256, cms.PKCS1v15); err != nil {
		t.Errorf("the first token after a login on the second: %v", err)
	}
}

func TestLoginRefuses(t *testing.T) {
	o := desks(t)
	for _, tc := range []struct {
		name   string
		cert   *x509.Certificate
		change func(*Token)
		pin    string
		want   error
		logins int // calls of C_Login
	}{
		{"Vietnamese letters", o.lone, nil, "mật khẩu", ErrPINFormat, 0},
		{"too short", o.lone, nil, "123", ErrPINFormat, 0},
		{"too long", o.lone, nil, strings.Repeat("1", 33), ErrPINFormat, 0},
		{"none", o.lone, nil, "", ErrPINFormat, 0},
		{"certificate of another token", o.an, nil, pin, ErrCertificateNotFound, 0},
		{"no certificate", nil, nil, pin, ErrCertificateNotFound, 0},
		{"token that is not plugged in", o.lone, func(t *Token) { t.Serial = "0000" }, pin, ErrNoToken, 0},
		{"token in another slot", o.lone, func(t *Token) { t.Slot++ }, pin, nil, 1},
		{"wrong PIN", o.lone, nil, "111111", ErrPINWrong, 1},
		{"right PIN", o.lone, nil, pin, nil, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := o.shim(t)
			d, calls := b.d, b.calls
			tok := token(t, d, "Token nhập sai")
			if tc.change != nil {
				tc.change(&tok)
			}
			secret := []byte(tc.pin)
			s, err := d.Login(t.Context(), tok, tc.cert, secret)
			if !errors.Is(err, tc.want) {
				t.Errorf("Login = %v, want %v", err, tc.want)
			}
			if err == nil {
				s.Close()
			}
			if !bytes.Equal(secret, make([]byte, len(secret))) {
				t.Errorf("PIN is still %q", secret)
			}
			if got := calls("C_Login"); got != tc.logins {
				t.Errorf("%d calls of C_Login, want %d", got, tc.logins)
			}
			if opened, closed := calls("C_OpenSession"), calls("C_CloseSession"); opened != closed {
				t.Errorf("%d sessions opened, %d closed", opened, closed)
			}
		})
	}
}

func TestWrongPINTellsTheStateAfterIt(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	tok := token(t, d, "Token nhập sai")
	_, err := d.Login(t.Context(), tok, o.lone, []byte("999999"))
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrPINWrong) {
		t.Fatalf("Login = %v, want ErrPINWrong", err)
	}
	if e.PIN == nil || !e.PIN.Low { // SoftHSM sets USER_PIN_COUNT_LOW at the first wrong PIN
		t.Errorf("state after the wrong PIN: %+v", e.PIN)
	}
	if !strings.Contains(err.Error(), "CKR_PIN_INCORRECT (0xA0)") || strings.Contains(err.Error(), "999999") {
		t.Errorf("text: %v", err)
	}
	s, err := d.Login(t.Context(), tok, o.lone, []byte(pin))
	if err != nil {
		t.Fatalf("the right PIN afterwards: %v", err)
	}
	s.Close()
}

func TestCertificateWithoutKey(t *testing.T) {
	o := desks(t)
	d := o.driver(t)
	_, err := d.Login(t.Context(), token(t, d, "Token dị biệt"), o.nokey, []byte(pin))
	if !errors.Is(err, ErrNoKey) {
		t.Errorf("Login = %v, want ErrNoKey", err)
	}
	s, err := d.Login(t.Context(), token(t, d, "Token dị biệt"), o.bare, []byte(pin)) // logged out meanwhile
	if err != nil {
		t.Fatalf("login after the refusal: %v", err)
	}
	s.Close()
}

func TestLostHelper(t *testing.T) {
	o := desks(t)
	lose := map[string]func(t *testing.T, d *Driver, s *Session) error{
		"killed while idle": func(t *testing.T, d *Driver, s *Session) error {
			kill(t, d)
			_, err := s.Sign(t.Context(), attributes(o.an, crypto.SHA256), crypto.SHA256, cms.PKCS1v15)
			return err
		},
		"cancelled": func(t *testing.T, d *Driver, s *Session) error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := s.Sign(ctx, attributes(o.an, crypto.SHA256), crypto.SHA256, cms.PKCS1v15)
			if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
				t.Errorf("Sign with a cancelled context: %v, want ErrCancelled", err)
			}
			s.Close()
			return err
		},
		"closed driver": func(t *testing.T, d *Driver, s *Session) error {
			d.Close()
			_, err := s.Sign(t.Context(), attributes(o.an, crypto.SHA256), crypto.SHA256, cms.PKCS1v15)
			return err
		},
	}
	for name, lost := range lose {
		t.Run(name, func(t *testing.T) {
			d := o.driver(t)
			tok := token(t, d, "Nguyễn Văn An")
			s, err := d.Login(t.Context(), tok, o.an, []byte(pin))
			if err != nil {
				t.Fatal(err)
			}
			err = lost(t, d, s)
			if !errors.Is(err, ErrDriver) && !errors.Is(err, ErrSessionEnded) && !errors.Is(err, ErrCancelled) {
				t.Errorf("Sign = %v", err)
			}
			if name == "closed driver" {
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close of the lost session: %v", err)
			}
			s, err = d.Login(t.Context(), tok, o.an, []byte(pin))
			if err != nil {
				t.Fatalf("next login: %v", err)
			}
			if _, err := s.Sign(t.Context(), attributes(o.an, crypto.SHA256), crypto.SHA256, cms.PKCS1v15); err != nil {
				t.Errorf("next signature: %v", err)
			}
			s.Close()
		})
	}
}

func kill(t *testing.T, d *Driver) {
	p, err := os.FindProcess(d.process.PID())
	if err != nil {
		t.Error(err)
		return
	}
	p.Kill()
	time.Sleep(50 * time.Millisecond)
}

func TestModulesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path string
		want       error
	}{
		{"missing", filepath.Join(dir, "missing.so"), ErrNoModule},
		{"folder", dir, ErrNoModule},
		{"relative", "libsofthsm2.so", ErrNoModule},
		{"no library", text, ErrNotModule},
		{"a program without the entry point", "/bin/sh", ErrNotModule},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := Open(tc.path, worker.Options{})
			defer d.Close()
			if _, err := d.Tokens(t.Context()); !errors.Is(err, tc.want) {
				t.Errorf("Tokens = %v, want %v", err, tc.want)
			}
		})
	}
}
