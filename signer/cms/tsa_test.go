package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
)

// serve runs a time-stamp server for the length of the test.
func serve(t testing.TB, o practice.TSAOptions) cms.TSA {
	t.Helper()
	if o.Key == practice.RSA2048 {
		o.Key = practice.P256
	}
	return serveExactly(t, o)
}

func serveExactly(t testing.TB, o practice.TSAOptions) cms.TSA {
	t.Helper()
	a := theOffice(t)
	server := httptest.NewServer(a.TSA(o))
	t.Cleanup(server.Close)
	return cms.TSA{URL: server.URL, Anchors: a.Anchors(), Timeout: 10 * time.Second}
}

func TestStampForOpenSSL(t *testing.T) {
	o := theOffice(t)
	value := []byte("signature value")
	for _, c := range []struct {
		name string
		o    practice.TSAOptions
		hash crypto.Hash
	}{
		{"RSA-2048", practice.TSAOptions{}, 0},
		{"P-256, signed with SHA-512", practice.TSAOptions{Key: practice.P256, Hash: crypto.SHA512}, 0},
		{"imprint with SHA-384", practice.TSAOptions{Key: practice.P384, Hash: crypto.SHA384}, crypto.SHA384},
		{"ESS version 1", practice.TSAOptions{Key: practice.P256, ESSv1: true}, 0},
		{"slow", practice.TSAOptions{Key: practice.P256, Fault: practice.FaultSlow, Delay: 50 * time.Millisecond}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			tsa := serveExactly(t, c.o)
			tsa.Hash = c.hash
			token, err := tsa.Stamp(t.Context(), value)
			if err != nil {
				t.Fatal(err)
			}
			if !token.Trusted || token.Untrusted != nil || len(token.Chain) != 3 || !token.Chain[2].Equal(o.Root) {
				t.Errorf("trusted %v (%v), chain of %d", token.Trusted, token.Untrusted, len(token.Chain))
			}
			if token.Skew.Abs() > time.Minute || time.Since(token.Time).Abs() > time.Minute || token.Accuracy != time.Second {
				t.Errorf("time %v, skew %v, accuracy %v", token.Time, token.Skew, token.Accuracy)
			}
			files := map[string][]byte{"token.der": token.DER, "data": value, "root.pem": practice.CertificatePEM(o.Root), "issuing.pem": practice.CertificatePEM(o.Issuing)}
			out, err := openssl(t, files, "ts", "-verify", "-token_in", "-in", "token.der", "-data", "data", "-CAfile", "root.pem", "-untrusted", "issuing.pem")
			if err != nil || !strings.Contains(out, "Verification: OK") {
				t.Errorf("openssl ts -verify: %v\n%s", err, out)
			}
		})
	}
}

// A signature with a time-stamp in it: B-T.
func TestSignedDataWithTimestamp(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.RSA4096)
	document := []byte("document")
	p := cms.Profile{Certificate: i.Certificate(), Chain: i.Chain()}
	attrs, err := p.SignedAttributes(digest(crypto.SHA256, document))
	if err != nil {
		t.Fatal(err)
	}
	value, err := i.Sign(t.Context(), attrs, crypto.SHA256, cms.PKCS1v15)
	if err != nil {
		t.Fatal(err)
	}
	token, err := serve(t, practice.TSAOptions{}).Stamp(t.Context(), value)
	if err != nil {
		t.Fatal(err)
	}
	der, err := p.SignedData(attrs, value, token.DER)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"s.der": der, "doc": document, "root.pem": practice.CertificatePEM(o.Root)}
	if out, err := openssl(t, files, "cms", "-verify", "-binary", "-inform", "DER", "-in", "s.der", "-content", "doc", "-CAfile", "root.pem", "-purpose", "any", "-out", "out"); err != nil {
		t.Fatalf("openssl cms -verify: %v\n%s", err, out)
	}
	s, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Verify(digest(crypto.SHA256, document)); err != nil {
		t.Error(err)
	}
	tokens := s.Signers[0].TimestampTokens
	if len(tokens) != 1 || !bytes.Equal(tokens[0], token.DER) {
		t.Fatalf("%d tokens found, or another one", len(tokens))
	}
	again, err := cms.ParseToken(tokens[0], s.Signers[0].Signature, o.Anchors(), nil, time.Time{})
	if err != nil || !again.Trusted || !again.Time.Equal(token.Time) {
		t.Errorf("token read back: %+v, %v", again, err)
	}
	if _, err := cms.ParseToken(tokens[0], []byte("copied from another signature"), o.Anchors(), nil, time.Time{}); !errors.Is(err, cms.ErrTSAMismatch) {
		t.Errorf("token of another signature: %v", err)
	}
}

func TestStampFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault practice.Fault
		want  error
		also  error
		words string
	}{
		{"status 500", practice.FaultStatus500, cms.ErrTSARejected, nil, "500 Internal Server Error"},
		{"hang", practice.FaultHang, cms.ErrTSATimeout, nil, ""},
		{"slow", practice.FaultSlow, cms.ErrTSATimeout, nil, ""},
		{"garbage", practice.FaultGarbage, cms.ErrTSAReply, nil, ""},
		{"page of a hotel", practice.FaultHTML, cms.ErrTSAReply, nil, "text/html"},
		{"rejected", practice.FaultReject, cms.ErrTSARejected, nil, "Hết hạn mức THỰC HÀNH; transaction not permitted"},
		{"nonce", practice.FaultWrongNonce, cms.ErrTSAMismatch, nil, "nonce"},
		{"imprint", practice.FaultWrongImprint, cms.ErrTSAMismatch, nil, "imprint"},
		{"expired certificate", practice.FaultExpired, cms.ErrTSACertificate, nil, "valid from"},
		{"no timeStamping", practice.FaultNoEKU, cms.ErrTSACertificate, nil, "not timeStamping alone"},
		{"timeStamping not critical", practice.FaultSoftEKU, cms.ErrTSACertificate, nil, "not critical"},
		{"another key", practice.FaultWrongKey, cms.ErrTSAReply, cms.ErrSignatureMismatch, ""},
		{"ESS of another certificate", practice.FaultWrongESS, cms.ErrTSACertificate, cms.ErrCertificateMismatch, ""},
		{"no certificate", practice.FaultNoCertificate, cms.ErrTSACertificate, cms.ErrNoSignerCertificate, ""},
		{"two signers", practice.FaultTwoSigners, cms.ErrTSAReply, cms.ErrSignerCount, ""},
		{"flood", practice.FaultFlood, cms.ErrTSAReply, nil, "more than"},
		{"redirect to a file", practice.FaultRedirectScheme, cms.ErrTSAUnreachable, nil, `scheme "file"`},
		{"clock", practice.FaultClock, cms.ErrTSAClock, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tsa := serve(t, practice.TSAOptions{Fault: c.fault, Delay: time.Minute})
			if c.want == cms.ErrTSATimeout {
				tsa.Timeout = 200 * time.Millisecond
			}
			for _, anchors := range []bool{true, false} {
				if !anchors {
					tsa.Anchors = nil
				}
				start := time.Now()
				token, err := tsa.Stamp(t.Context(), []byte("value"))
				if token != nil || !errors.Is(err, c.want) || c.also != nil && !errors.Is(err, c.also) || !strings.Contains(err.Error(), c.words) {
					t.Errorf("got %v, %v; want %v %q", token, err, c.want, c.words)
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("took %v", took)
				}
			}
		})
	}
}

func TestStampUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	for _, url := range []string{closed, "", "ftp://tsa.example/", "http://", "no address", "http://tsa.invalid:1/"} {
		tsa := cms.TSA{URL: url, Client: &http.Client{Transport: &http.Transport{}}, Timeout: 3 * time.Second}
		if _, err := tsa.Stamp(t.Context(), nil); !errors.Is(err, cms.ErrTSAUnreachable) && !errors.Is(err, cms.ErrTSATimeout) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestStampCancelled(t *testing.T) {
	tsa := serve(t, practice.TSAOptions{Fault: practice.FaultHang})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	start := time.Now()
	if _, err := tsa.Stamp(ctx, nil); !errors.Is(err, context.Canceled) || errors.Is(err, cms.ErrTSATimeout) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := tsa.Stamp(short, nil); !errors.Is(err, cms.ErrTSATimeout) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("caller's deadline: %v", err)
	}
}

func TestStampTrust(t *testing.T) {
	o := theOffice(t)
	stranger, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, Mark: "khác"})
	if err != nil {
		t.Fatal(err)
	}
	tsa := serve(t, practice.TSAOptions{Alone: true}) // sends only its own certificate
	if _, err := tsa.Stamp(t.Context(), nil); !errors.Is(err, cms.ErrTSACertificate) {
		t.Errorf("without the issuing CA: %v", err)
	}
	tsa.Anchors = stranger.Anchors()
	if _, err := tsa.Stamp(t.Context(), nil); !errors.Is(err, cms.ErrTSACertificate) {
		t.Errorf("another root: %v", err)
	}
	tsa.Anchors = nil
	token, err := tsa.Stamp(t.Context(), nil)
	if err != nil || token.Trusted || token.Untrusted != nil {
		t.Errorf("no anchors: %+v, %v", token, err)
	}
	tsa.Anchors, tsa.Intermediates = o.Anchors(), o.Chain()
	if token, err = tsa.Stamp(t.Context(), nil); err != nil || !token.Trusted || len(token.Chain) != 3 {
		t.Fatalf("with the issuing CA given: %+v, %v", token, err)
	}
	// The verifier hears why, and still gets the token.
	again, err := cms.ParseToken(token.DER, nil, stranger.Anchors(), nil, time.Time{})
	if err != nil || again.Trusted || !errors.Is(again.Untrusted, cms.ErrTSACertificate) {
		t.Errorf("%+v, %v", again, err)
	}
	again, err = cms.ParseToken(token.DER, nil, o.Anchors(), o.Chain(), time.Now().AddDate(30, 0, 0))
	if err != nil || again.Trusted || !errors.Is(again.Untrusted, cms.ErrTSACertificate) {
		t.Errorf("long after the certificate's end: %+v, %v", again, err)
	}
}

// A server in front of the true one: wrong content type is forgiven, a
// redirect that keeps the POST is followed, one that drops it is not.
func TestStampOddServers(t *testing.T) {
	a := theOffice(t)
	good := a.TSA(practice.TSAOptions{Key: practice.P256})
	mux := http.NewServeMux()
	mux.HandleFunc("/plain", func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		good.ServeHTTP(recorder, r)
		w.Header().Set("Content-Type", "text/plain; charset=binary")
		w.Write(recorder.Body.Bytes())
	})
	mux.Handle("/moved", http.RedirectHandler("/plain", http.StatusTemporaryRedirect))
	mux.Handle("/found", http.RedirectHandler("/plain", http.StatusFound))
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusPermanentRedirect))
	server := httptest.NewServer(mux)
	defer server.Close()
	for path, want := range map[string]error{"/plain": nil, "/moved": nil, "/found": cms.ErrTSAUnreachable, "/loop": cms.ErrTSAUnreachable, "/none": cms.ErrTSARejected} {
		tsa := cms.TSA{URL: server.URL + path, Anchors: a.Anchors()}
		if _, err := tsa.Stamp(t.Context(), []byte("v")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

func TestParseTokenPadded(t *testing.T) {
	o := theOffice(t)
	token, err := serve(t, practice.TSAOptions{}).Stamp(t.Context(), []byte("value"))
	if err != nil {
		t.Fatal(err)
	}
	padded, err := cms.ParseToken(append(bytes.Clone(token.DER), make([]byte, 40)...), []byte("value"), o.Anchors(), nil, time.Time{})
	if err != nil || !bytes.Equal(padded.DER, token.DER) {
		t.Errorf("padded token: %v", err)
	}
	for n := range token.DER {
		if _, err := cms.ParseToken(token.DER[:n], []byte("value"), o.Anchors(), nil, time.Time{}); !errors.Is(err, cms.ErrTSAReply) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
}

// A document time-stamp: the data is hashed by the caller, on both sides.
func TestStampDigest(t *testing.T) {
	o := theOffice(t)
	tsa := serve(t, practice.TSAOptions{})
	tsa.Hash = crypto.SHA512
	document := []byte("byte range")
	token, err := tsa.StampDigest(t.Context(), digest(crypto.SHA512, document))
	if err != nil {
		t.Fatal(err)
	}
	asked := crypto.Hash(0)
	again, err := cms.ParseTokenFor(token.DER, func(h crypto.Hash) ([]byte, error) {
		asked = h
		return digest(h, document), nil
	}, o.Anchors(), nil, time.Time{})
	if err != nil || asked != crypto.SHA512 || !again.Trusted || again.Hash != crypto.SHA512 {
		t.Errorf("%+v, %v; asked for %v", again, err, asked)
	}
	broken := errors.New("disk")
	if _, err := cms.ParseTokenFor(token.DER, func(crypto.Hash) ([]byte, error) { return nil, broken }, nil, nil, time.Time{}); !errors.Is(err, broken) {
		t.Errorf("hashing fails: %v", err)
	}
	if _, err := tsa.StampDigest(t.Context(), digest(crypto.SHA256, document)); err == nil {
		t.Error("a digest of another hash was taken")
	}
	if _, err := cms.ParseToken(sign(t, o.holder(t, practice.P256), cms.Profile{}, nil), nil, nil, nil, time.Time{}); !errors.Is(err, cms.ErrTSAReply) {
		t.Errorf("a signature instead of a token: %v", err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reply is a server that always says the same.
func reply(body []byte) *http.Client {
	return &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})}
}

// record is a client that keeps the last reply.
func record(body *[]byte) *http.Client {
	return &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		if *body, err = io.ReadAll(response.Body); err != nil {
			return nil, err
		}
		response.Body = io.NopCloser(bytes.NewReader(*body))
		return response, nil
	})}
}
