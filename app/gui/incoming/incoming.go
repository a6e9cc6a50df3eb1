// Package incoming makes the documents that arrive on one day in a make-believe
// office: signed rightly, changed afterwards, unsigned, encrypted and cut short. It
// is for the tests and the pictures of the window and no part of the program.
package incoming

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
)

// Password opens khoa.pdf.
const Password = "mat-khau"

// Make fills the folder dir: quyet-dinh.pdf, which a leader and a clerk have
// signed; bi-sua.pdf, the same with a black square of 100 pt drawn on page 1 later;
// chua-ky.pdf without a signature; khoa.pdf with a password (by qpdf); hong.pdf, cut
// short. Roots and revocation lists go into the folder pki.
func Make(dir, pki string) error {
	text := words.Vietnamese.Text
	authority, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return err
	}
	leader, err1 := authority.Issue(practice.IdentityOptions{Name: text("demo.leader"), Units: []string{text("demo.unit")}, Organisation: text("demo.organisation"), Key: practice.P256})
	seal, err2 := authority.Issue(practice.IdentityOptions{Name: text("demo.organisation"), Key: practice.P256})
	pdf, _, err3 := practice.Decision(practice.DecisionOptions{})
	hand, err4 := practice.SignaturePicture(text("demo.leader"), 1)
	round, err5 := practice.SealPicture(practice.SealOptions{})
	work, err6 := os.MkdirTemp("", "antin-incoming-")
	if err := errors.Join(authority.WriteFiles(pki), err1, err2, err3, err4, err5, err6); err != nil {
		return err
	}
	defer os.RemoveAll(work)
	plain, good := filepath.Join(dir, "chua-ky.pdf"), filepath.Join(dir, "quyet-dinh.pdf")
	picture, stamp := filepath.Join(work, "hand.png"), filepath.Join(work, "seal.png")
	if err := errors.Join(os.WriteFile(plain, pdf, 0o600), os.WriteFile(picture, hand, 0o600), os.WriteFile(stamp, round, 0o600)); err != nil {
		return err
	}
	server := httptest.NewServer(authority.TSA(practice.TSAOptions{Key: practice.P256}))
	defer server.Close()
	tsa := &cms.TSA{URL: server.URL, Anchors: authority.Anchors(), Timeout: 5 * time.Second}
	signed, err := signer.Approve(context.Background(), signer.ApproveJob{
		Common: signer.Common{Source: plain, Out: filepath.Join(work, "signed.pdf"), Key: leader, TSA: tsa}, Picture: picture,
	}, nil)
	if err != nil {
		return err
	}
	_, err = signer.Issue(context.Background(), signer.IssueJob{
		Common: signer.Common{Source: signed.Output, Out: good, Key: seal, TSA: tsa}, Number: text("demo.number"), Date: time.Now(), Seal: stamp, Diameter: 36,
	}, nil)
	if err != nil {
		return err
	}
	sound, err := os.ReadFile(good)
	if err != nil {
		return err
	}
	changed, err := paint(sound)
	if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "bi-sua.pdf"), changed, 0o600), os.WriteFile(filepath.Join(dir, "hong.pdf"), sound[:len(sound)/2], 0o600)); err != nil {
		return err
	}
	out, err := exec.Command("qpdf", "--encrypt", Password, "chu", "256", "--", plain, filepath.Join(dir, "khoa.pdf")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("qpdf: %w: %s", err, out)
	}
	return nil
}

// paint draws a black square on page 1 in an update of its own.
func paint(pdf []byte) ([]byte, error) {
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		return nil, err
	}
	page, err := f.Page(1)
	if err != nil {
		return nil, err
	}
	u := f.NewUpdate()
	d := page.Dict.Clone()
	parts, ok := d["Contents"].(pdffile.Array)
	if !ok {
		parts = pdffile.Array{d["Contents"]}
	}
	d["Contents"] = append(parts[:len(parts):len(parts)], u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("\nq 0 g 200 300 100 100 re f Q\n")}))
	u.Set(page.Ref, d)
	tail, err := u.Render()
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(pdf), tail.Data...), nil
}
