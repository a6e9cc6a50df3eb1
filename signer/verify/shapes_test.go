package verify_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/verify"
)

// Every shape of file can be signed twice and both signatures are valid.
func TestShapes(t *testing.T) {
	o := theOffice(t)
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			opened := func(pdf []byte) *pdffile.File { return openWith(t, pdf, s.Password) }
			judged := func(pdf []byte) *verify.Report {
				r, err := verify.Document(context.Background(), opened(pdf), verify.Options{Store: o.store})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			first := signFile(t, opened(s.Data(t)), pades.Request{Key: o.leader, Page: 1, Box: pdffile.Box{X: 10, Y: 10, W: 30, H: 20}})
			both := signFile(t, opened(first), pades.Request{Key: o.clerk})
			if r := judged(both); r.Verdict() != verify.Valid || len(r.Signatures) != 2 || r.Signatures[1].Changes != nil {
				t.Error(describe(r))
			}
			if changed := contentReplaced(t, opened(both)); changed != nil {
				r := judged(append(bytes.Clone(both), changed...))
				if r.Verdict() != verify.Invalid || !slices.ContainsFunc(r.Signatures[0].Changes, func(c verify.Change) bool { return c.Kind == verify.ChangedPage }) {
					t.Errorf("content replaced: %s", describe(r))
				}
			}
		})
	}
}

// contentReplaced is an update that gives page 1 another content in place; nil
// for a page without one.
func contentReplaced(t testing.TB, f *pdffile.File) []byte {
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	ref, ok := page.Dict["Contents"].(pdffile.Ref)
	if !ok {
		return nil
	}
	u := f.NewUpdate()
	u.Set(ref, &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("0 0 m")})
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return tail.Data
}
