package token

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/worker"
)

// benchToken makes a token with one key of each type.
func benchToken(b *testing.B) (d *Driver, tok Token, keys map[string]crypto.Signer) {
	b.Helper()
	module, err := practice.SoftHSMModule()
	if err != nil {
		b.Fatal(err)
	}
	keys = map[string]crypto.Signer{}
	var entries []practice.SoftTokenEntry
	for i, make := range benchKeys {
		key, err := make.key()
		if err != nil {
			b.Fatal(err)
		}
		cert := issue(make.name, key.Public(), nil, key, false, time.Now(), time.Hour)
		keys[make.name] = key
		entries = append(entries, practice.SoftTokenEntry{Key: key, Certificate: cert, ID: []byte{byte(i + 1)}})
	}
	conf, err := practice.NewSoftToken(b.TempDir(), "Token đo", pin, entries...)
	if err != nil {
		b.Fatal(err)
	}
	d = Open(module, worker.Options{Env: worker.CleanEnv("SOFTHSM2_CONF=" + conf)})
	b.Cleanup(func() { d.Close() })
	return d, token(b, d, "Token đo"), keys
}

var benchKeys = []struct {
	name string
	key  func() (crypto.Signer, error)
}{
	{"RSA-2048", rsaKey(2048)},
	{"RSA-3072", rsaKey(3072)},
	{"RSA-4096", rsaKey(4096)},
	{"P-256", ecKey(elliptic.P256())},
	{"P-384", ecKey(elliptic.P384())},
}

func (t Token) named(cn string) *x509.Certificate {
	for _, c := range t.Certificates {
		if c.X509.Subject.CommonName == cn {
			return c.X509
		}
	}
	return nil
}

// BenchmarkToken measures what a person waits for besides the token itself:
// SoftHSM answers at once. The yardstick of signatures is the same key in Go
// (x-go), that of the rest a call that does nothing but cross the pipe (x-call).
func BenchmarkToken(b *testing.B) {
	d, tok, keys := benchToken(b)
	p256 := tok.named("P-256")

	empty := func(b *testing.B) time.Duration {
		b.Helper()
		const rounds = 200
		begin := time.Now()
		for range rounds {
			if _, err := d.call(b.Context(), request{Op: opClose, Session: "none"}, nil); err == nil {
				b.Fatal("a session that is none was closed")
			}
		}
		return time.Since(begin) / rounds
	}
	perCall := func(b *testing.B, call time.Duration) {
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(call), "x-call")
	}
	b.Run("Call", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.call(b.Context(), request{Op: opClose, Session: "none"}, nil); err == nil {
				b.Fatal("a session that is none was closed")
			}
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(300*time.Microsecond), "of-target")
	})
	b.Run("SpawnAndList", func(b *testing.B) {
		call := empty(b)
		for b.Loop() {
			if err := d.Restart(); err != nil {
				b.Fatal(err)
			}
			if _, err := d.Tokens(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		perCall(b, call)
	})
	b.Run("List", func(b *testing.B) {
		call := empty(b)
		for b.Loop() {
			if _, err := d.Tokens(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		perCall(b, call)
	})
	b.Run("LoginAndClose", func(b *testing.B) {
		call := empty(b)
		for b.Loop() {
			s, err := d.Login(b.Context(), tok, p256, []byte(pin))
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
		perCall(b, call)
	})
	for _, k := range benchKeys {
		b.Run("Sign/"+k.name, func(b *testing.B) {
			cert := tok.named(k.name)
			message := attributes(cert, crypto.SHA256)
			s, err := d.Login(b.Context(), tok, cert, []byte(pin))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			digest := make([]byte, 32)
			const rounds = 50
			begin := time.Now()
			for range rounds {
				if _, err := keys[k.name].Sign(rand.Reader, digest, crypto.SHA256); err != nil {
					b.Fatal(err)
				}
			}
			inGo := time.Since(begin) / rounds
			for b.Loop() {
				if _, err := s.Sign(b.Context(), message, crypto.SHA256, 0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(inGo), "x-go")
		})
	}
}
