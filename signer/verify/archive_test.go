package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/trust"
)

// evidence is what an archive keeps beside a signature (EN 319 142-1, 5.4.2).
type evidence struct{ certs, lists, answers [][]byte }

// evidenceOf is all that is needed for signatures and stamps of these
// authorities, by revocation lists that are good around the time at.
func evidenceOf(t testing.TB, at time.Time, authorities ...*practice.Authority) evidence {
	t.Helper()
	var e evidence
	for _, a := range authorities {
		crl, err := a.CRLFor(at.Add(-time.Hour), at.AddDate(0, 0, 30))
		if err != nil {
			t.Fatal(err)
		}
		root, err := a.RootCRL()
		if err != nil {
			t.Fatal(err)
		}
		e.certs = append(e.certs, a.Issuing.Raw, a.Root.Raw)
		e.lists = append(e.lists, crl, root)
	}
	return e
}

// answersOf is the same by OCSP, for these certificates.
func answersOf(t testing.TB, a *practice.Authority, certs ...*x509.Certificate) evidence {
	t.Helper()
	server := httptest.NewServer(a.Services(practice.ServicesOptions{Key: practice.P256, NoCheck: true}))
	defer server.Close()
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	e := evidence{certs: [][]byte{a.Issuing.Raw}}
	for _, cert := range certs {
		store := &trust.Store{}
		store.AddAnchor(a.Root)
		store.AddIntermediate(a.Issuing)
		chain, err := store.Path(cert, nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		st := store.Check(context.Background(), chain, time.Now(), &trust.Fetch{Responders: []string{server.URL + "/ocsp"}, AllowHosts: []string{at.Host}})
		if st.State != trust.Good {
			t.Fatal(st.Why)
		}
		for _, ev := range st.Evidence {
			e.answers = append(e.answers, ev.DER)
		}
	}
	return e
}

// archived adds an update with a security store that holds e beside what was there.
func archived(t testing.TB, pdf []byte, e evidence) []byte {
	t.Helper()
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
		cat, _ := f.Catalog()
		dss := f.Dict(cat["DSS"]).Clone()
		add := func(key pdffile.Name, all [][]byte) {
			list := f.Array(dss[key])
			list = list[:len(list):len(list)]
			for _, der := range all {
				list = append(list, u.Add(&pdffile.Stream{Dict: pdffile.Dict{"Filter": pdffile.Name("FlateDecode")}, Data: pdffile.Deflate(der)}))
			}
			if len(list) > 0 {
				dss[key] = list
			}
		}
		add("Certs", e.certs)
		add("CRLs", e.lists)
		add("OCSPs", e.answers)
		edit(1, pdffile.Dict{"DSS": dss})(t, f, u)
	})
}

// tokenFrom is what a time-stamp server of a says about a digest, whatever is
// wrong with it.
func tokenFrom(t testing.TB, a *practice.Authority, o practice.TSAOptions, digest []byte) []byte {
	t.Helper()
	o.Key = practice.P256
	return tokenBy(t, a.TSA(o), digest)
}

func tokenBy(t testing.TB, tsa http.Handler, digest []byte) []byte {
	t.Helper()
	type algorithm struct {
		OID    asn1.ObjectIdentifier
		Params asn1.RawValue
	}
	type imprint struct {
		Hash  algorithm
		Value []byte
	}
	query, err := asn1.Marshal(struct {
		Version int
		Imprint imprint
		CertReq bool
	}{1, imprint{algorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, asn1.NullRawValue}, digest}, true})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(query))
	r.Header.Set("Content-Type", "application/timestamp-query")
	tsa.ServeHTTP(w, r)
	var reply struct {
		Status asn1.RawValue
		Token  asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(w.Body.Bytes(), &reply); err != nil || reply.Token.FullBytes == nil {
		t.Fatalf("the time-stamp server answers %d %q: %v", w.Code, w.Body, err)
	}
	return reply.Token.FullBytes
}

// at is a time-stamp server with this clock.
func at(now time.Time) practice.TSAOptions {
	return practice.TSAOptions{Now: func() time.Time { return now }}
}

func sha256Of(b []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(b)
	return h.Sum(nil)
}

// stampFrame adds a field for a document time-stamp.
func stampFrame(t testing.TB, pdf []byte) frame {
	return newFrame(t, pdf, pdffile.Dict{"Type": pdffile.Name("DocTimeStamp"), "SubFilter": pdffile.Name("ETSI.RFC3161"), "M": nil})
}

// stampedBy adds a document time-stamp.
func stampedBy(t testing.TB, pdf []byte, a *practice.Authority, o practice.TSAOptions) []byte {
	t.Helper()
	f := stampFrame(t, pdf)
	return f.put(t, tokenFrom(t, a, o, f.digest(crypto.SHA256)))
}

// timeStamped adds a document time-stamp of the office, of now.
func timeStamped(t testing.TB, pdf []byte) []byte {
	t.Helper()
	return stampedBy(t, pdf, theOffice(t).Authority, practice.TSAOptions{})
}

// signedBy is a document signed by who, with a signature time-stamp over the
// value when token makes one.
func signedBy(t testing.TB, pdf []byte, who *practice.Identity, more pdffile.Dict, token func(value []byte) []byte) []byte {
	t.Helper()
	f := newFrame(t, pdf, more)
	p := profileOf(who)
	attrs, value := signedParts(t, who, p, f.digest(crypto.SHA256))
	var der []byte
	if token != nil {
		der = token(value)
	}
	return f.put(t, signedData(t, p, attrs, value, der))
}

// stampCertificate is the certificate of the server that made a token over value.
func stampCertificate(t testing.TB, token, value []byte) *x509.Certificate {
	t.Helper()
	parsed, err := cms.ParseToken(token, value, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Certificate
}
