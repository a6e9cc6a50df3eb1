package pades_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/verify"
)

// tsa serves time-stamps until the test ends.
func (o *office) tsa(t testing.TB, options practice.TSAOptions) cms.TSA {
	t.Helper()
	server := httptest.NewServer(o.authority.TSA(options))
	t.Cleanup(server.Close)
	return cms.TSA{URL: server.URL, Anchors: o.authority.Anchors(), Intermediates: o.authority.Chain(), Timeout: time.Second}
}

// stamp makes the next file from path.
func stamp(t testing.TB, path, password string, tsa cms.TSA) (string, *pades.Made, error) {
	t.Helper()
	plan, err := pades.NewTimeStampPlan(open(t, path, password), tsa)
	if err != nil {
		return "", nil, err
	}
	out, err := os.Create(path + "-t.pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	made, err := plan.Write(context.Background(), out, nil)
	return out.Name(), made, err
}

// TestDocumentTimeStamp adds one to a signed file of every shape. The file is a
// prefix of the new one; pdfsig lists it beside the signature, which it and
// mutool find as good as before, as does qpdf the file; openssl verifies the token over the byte range.
func TestDocumentTimeStamp(t *testing.T) {
	o := newOffice(t)
	tsa := o.tsa(t, practice.TSAOptions{})
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			signed, err := sign(t, write(t, s.Data(t)), s.Password, pades.Request{Key: o.seal})
			if err != nil {
				t.Fatal(err)
			}
			path, made, err := stamp(t, signed, s.Password, tsa)
			if err != nil {
				t.Fatal(err)
			}
			o.judgeStamped(t, signed, path, s.Password, made)
		})
	}
}

func (o *office) judgeStamped(t *testing.T, source, path, password string, made *pades.Made) {
	t.Helper()
	was, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	is, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(is, was) || int64(len(was)) != made.Source || int64(len(is)) != made.Size {
		t.Fatalf("%d bytes of %d are kept, %d of %d reported", made.Source, len(was), made.Size, len(is))
	}
	f := open(t, path, password)
	sigs, err := f.Signatures()
	if err != nil {
		t.Fatal(err)
	}
	last := sigs[len(sigs)-1]
	if last.Field.Name != made.Field || last.Err != nil {
		t.Fatalf("the last signature is %q: %v", last.Field.Name, last.Err)
	}
	token, err := cms.Parse(last.Contents)
	if err != nil {
		t.Fatal(err)
	}
	r := last.ByteRange
	covered := append(bytes.Clone(is[:r[1]]), is[r[2]:]...)
	for _, op := range []practice.Opinion{
		practice.QPDF(path, password), practice.PDFSigStamped(path, password, len(sigs)-1, 1), practice.MuTool(path, password, len(sigs)-1),
		practice.OpenSSLTS(token.Raw, covered, o.anchors, ""),
	} {
		if err := op.Error(); err != nil {
			t.Error(err)
		}
	}
}

// TestDocumentTimeStampIsNoChange: what earlier signatures forbid does not hold
// for it (ISO 32000-2, 12.8.2.2), and our verifier says so.
func TestDocumentTimeStampIsNoChange(t *testing.T) {
	o := newOffice(t)
	tsa := o.tsa(t, practice.TSAOptions{})
	for name, q := range map[string]pades.Request{
		"certified at level 1": {Certify: 1},
		"certified at level 2": {Certify: 2},
		"certified at level 3": {Certify: 3},
		"all fields locked":    {Lock: &pdffile.FieldLock{Action: "All"}},
	} {
		t.Run(name, func(t *testing.T) {
			q.Key = o.leader
			signed, err := sign(t, write(t, shapes.Named("form-default-resources").Data(t)), "", q)
			if err != nil {
				t.Fatal(err)
			}
			path, made, err := stamp(t, signed, "", tsa)
			if err != nil {
				t.Fatal(err)
			}
			o.judgeStamped(t, signed, path, "", made)
			r, err := verify.Document(context.Background(), open(t, path, ""), verify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Signatures {
				if !s.Intact() {
					t.Errorf("%s %q: %v, %v", s.Kind, s.Field, s.Crypto, s.Changes)
				}
			}
		})
	}
}

// TestDocumentTimeStampRefused: nothing is written for a token that is not right
// and for a server that gives none.
func TestDocumentTimeStampRefused(t *testing.T) {
	o := newOffice(t)
	signed, err := sign(t, write(t, shapes.Named("xref-stream").Data(t)), "", pades.Request{Key: o.leader})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		fault practice.Fault
		want  error
	}{
		"dead":                              {practice.FaultStatus500, cms.ErrTSARejected},
		"silent":                            {practice.FaultHang, cms.ErrTSATimeout},
		"login page":                        {practice.FaultHTML, cms.ErrTSAReply},
		"another imprint":                   {practice.FaultWrongImprint, cms.ErrTSAMismatch},
		"another nonce":                     {practice.FaultWrongNonce, cms.ErrTSAMismatch},
		"certificate for other things":      {practice.FaultNoEKU, cms.ErrTSACertificate},
		"time-stamping is not critical":     {practice.FaultSoftEKU, cms.ErrTSACertificate},
		"expired certificate":               {practice.FaultExpired, cms.ErrTSACertificate},
		"certificate of another":            {practice.FaultWrongESS, cms.ErrTSACertificate},
		"signed with another key":           {practice.FaultWrongKey, cms.ErrTSAReply},
		"clock days ahead":                  {practice.FaultClock, cms.ErrTSAClock},
		"two signers":                       {practice.FaultTwoSigners, cms.ErrTSAReply},
		"larger than what anybody would do": {practice.FaultFlood, cms.ErrTSAReply},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, made, err := stamp(t, signed, "", o.tsa(t, practice.TSAOptions{Fault: c.fault}))
			if made != nil || !errors.Is(err, c.want) {
				t.Errorf("made %v: %v, want %v", made, err, c.want)
			}
		})
	}
}
