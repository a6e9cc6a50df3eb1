package trust_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/trust"
)

// question is asked of every store that a fuzzer filled. Whatever it did, a
// verdict has its evidence, and no verdict its reason.
type question struct {
	chain []*x509.Certificate
	at    time.Time
}

func (q *question) ask(t *testing.T, s *trust.Store) {
	st := s.Revocation(q.chain, q.at)
	if known := st.State != trust.Unknown; known == (st.Err != nil) || known != (len(st.Evidence) == 1 && st.Evidence[0].Signer != nil && len(st.Evidence[0].DER) > 0) {
		t.Errorf("%v with error %v and evidence %v", st.State, st.Err, st.Evidence)
	}
}

func FuzzAnswer(f *testing.F) {
	o := newOffice(f, officeOptions{services: practice.ServicesOptions{NoCheck: true, ArchiveFrom: time.Now().AddDate(-1, 0, 0)}})
	q := &question{o.chain()[:2], time.Now()}
	handler := o.Services(practice.ServicesOptions{NoCheck: true, Key: practice.P256, Fault: practice.FaultRevoked})
	server := httptest.NewServer(handler)
	for _, base := range []string{o.base, server.URL} {
		fetch := o.fetch()
		fetch.Hosts = map[string]string{o.base[len("http://"):]: base[len("http://"):]}
		st := anchored(o.Root).Check(f.Context(), q.chain, q.at, fetch)
		if len(st.Evidence) != 1 {
			f.Fatal(st.Err)
		}
		f.Add(st.Evidence[0].DER)
	}
	server.Close() // nothing may run beside the fuzzer
	o.close()
	f.Add([]byte{0x30, 3, 0x0a, 1, 6})
	f.Fuzz(func(t *testing.T, der []byte) {
		s := &trust.Store{}
		if s.AddAnswer(der) == nil {
			q.ask(t, s)
		}
	})
}

func FuzzList(f *testing.F) {
	ca := newForge(f, "ca", nil, nil)
	leaf := holder(f, ca, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://thuchanh.example/a.crl"} })
	q := &question{[]*x509.Certificate{leaf.Certificate, ca.Certificate}, time.Now()}
	f.Add(ca.list(f, x509.RevocationList{}).Raw)
	f.Add(ca.list(f, x509.RevocationList{
		ExtraExtensions: crlExtension(28, true, []byte{0x30, 3, 0x81, 1, 0xff}),
		RevokedCertificateEntries: []x509.RevocationListEntry{{
			SerialNumber: leaf.SerialNumber, RevocationTime: time.Now(), ReasonCode: 1,
			ExtraExtensions: crlExtension(24, false, []byte("\x18\x0f20260101000000Z")),
		}},
	}).Raw)
	f.Fuzz(func(t *testing.T, der []byte) {
		l, err := x509.ParseRevocationList(der)
		if err != nil {
			return
		}
		s := &trust.Store{}
		s.AddList(l)
		q.ask(t, s)
	})
}

// Certificates, alone and as strangers in a document.
func FuzzFile(f *testing.F) {
	root := newForge(f, "root", nil, nil)
	ca := newForge(f, "ca", root, nil)
	leaf := holder(f, ca, nil)
	store := anchored(root.Certificate)
	f.Add(ca.Raw)
	f.Add(root.list(f, x509.RevocationList{}).Raw)
	f.Add(append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})...))
	f.Add([]byte("-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &trust.Store{}
		if s.Add(b) == 0 && s.HasAnchors() {
			t.Error("anchors out of nothing")
		}
		extra := s.Intermediates()
		chain, err := store.Path(leaf.Certificate, extra, time.Now())
		if (err == nil) != (len(chain) == 3) {
			t.Errorf("chain of %d, %v", len(chain), err)
		}
		for _, c := range extra {
			if chain, err := store.Path(c, append(extra, ca.Certificate), time.Now()); err == nil && !chain[len(chain)-1].Equal(root.Certificate) {
				t.Errorf("%q ends at %q", c.Subject, chain[len(chain)-1].Subject)
			}
		}
	})
}
