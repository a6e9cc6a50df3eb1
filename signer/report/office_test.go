package report_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

// office is the make-believe office of all tests: keys cost time.
type office struct {
	*practice.Authority
	leader, clerk *practice.Identity
	store         *trust.Store
	tsa           *cms.TSA
	decision      []byte
	place         practice.Area
	hand, seal    *appearance.Picture
}

var newOffice = sync.OnceValues(func() (*office, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return nil, err
	}
	o := &office{Authority: a}
	var errs [9]error
	o.leader, errs[0] = a.Issue(practice.IdentityOptions{
		Name: "Nguyễn Văn An", Organisation: "Ủy ban nhân dân xã Bình Minh", Units: []string{"Lãnh đạo Ủy ban"}, Mail: "an@example.vn", Key: practice.P256,
	})
	o.clerk, errs[1] = a.Issue(practice.IdentityOptions{Name: "Ủy ban nhân dân xã Bình Minh", Organisation: "Ủy ban nhân dân tỉnh Mẫu", Key: practice.P256})
	server := httptest.NewServer(a.TSA(practice.TSAOptions{Key: practice.P256}))
	o.tsa = &cms.TSA{URL: server.URL, Anchors: a.Anchors(), Timeout: 5 * time.Second}
	o.store, errs[2] = storeOf(a)
	var places practice.DecisionPlaces
	o.decision, places, errs[3] = practice.Decision(practice.DecisionOptions{})
	o.place = places.Signature
	hand, err := practice.SignaturePicture("An", 1)
	errs[4] = err
	seal, err := practice.SealPicture(practice.SealOptions{})
	errs[5] = err
	o.hand, errs[6] = appearance.DecodePicture(bytes.NewReader(hand))
	o.seal, errs[7] = appearance.DecodePicture(bytes.NewReader(seal))
	return o, errors.Join(errs[:]...)
})

func theOffice(t testing.TB) *office {
	t.Helper()
	o, err := newOffice()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func storeOf(as ...*practice.Authority) (*trust.Store, error) {
	s := &trust.Store{}
	var errs []error
	for _, a := range as {
		crl, err1 := a.CRL()
		rootCRL, err2 := a.RootCRL()
		errs = append(errs, err1, err2)
		for _, der := range [][]byte{a.Root.Raw, a.Issuing.Raw, crl, rootCRL} {
			s.Add(der)
		}
	}
	return s, errors.Join(errs...)
}

// roles is what the user said once of both certificates.
func (o *office) roles() report.Roles {
	return report.Roles{sha256.Sum256(o.leader.Cert.Raw): report.Person, sha256.Sum256(o.clerk.Cert.Raw): report.Organisation}
}

// approve is the leader's signature with the picture of a hand.
func (o *office) approve() pades.Request {
	box := pdffile.Box{X: o.place.X, Y: o.place.Y, W: 45, H: 20}
	look := appearance.NewLook(box.W, box.H)
	look.Picture(o.hand, pdffile.Box{W: box.W, H: box.H})
	return pades.Request{
		Key: o.leader, Page: o.place.Page, Box: box, Look: look, TSA: o.tsa,
		Text: []pades.TextField{{Name: "AnTin_So", Page: 1, Box: pdffile.Box{X: 45, Y: 38, W: 30, H: 6}}},
	}
}

// issue is the clerk's seal.
func (o *office) issue() pades.Request {
	box := pdffile.Box{X: o.place.X - 20, Y: o.place.Y - 8, W: 36, H: 36}
	look := appearance.NewLook(box.W, box.H)
	look.Picture(o.seal, pdffile.Box{W: box.W, H: box.H})
	return pades.Request{Key: o.clerk, Page: o.place.Page, Box: box, Look: look, TSA: o.tsa}
}

// issued is a decision that leader and clerk have signed.
func (o *office) issued(t testing.TB) []byte {
	return sign(t, sign(t, o.decision, o.approve()), o.issue())
}

func open(t testing.TB, pdf []byte) *pdffile.File {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sign(t testing.TB, pdf []byte, q pades.Request) []byte {
	t.Helper()
	plan, err := pades.NewPlan(open(t, pdf), q)
	if err != nil {
		t.Fatal(err)
	}
	return afterwards(t, plan)
}

// timestamp adds a document time-stamp.
func (o *office) timestamp(t testing.TB, pdf []byte) []byte {
	t.Helper()
	plan, err := pades.NewTimeStampPlan(open(t, pdf), *o.tsa)
	if err != nil {
		t.Fatal(err)
	}
	return afterwards(t, plan)
}

// afterwards is the document with what was planned.
func afterwards(t testing.TB, plan interface {
	Write(ctx context.Context, t pades.Target, p pades.Progress) (*pades.Made, error)
},
) []byte {
	t.Helper()
	h, err := os.Create(filepath.Join(t.TempDir(), "signed.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	made, err := plan.Write(context.Background(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if made.StampProblem != nil {
		t.Fatal(made.StampProblem)
	}
	b, err := os.ReadFile(h.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// revise appends a well-formed update made by change.
func revise(t testing.TB, pdf []byte, change func(f *pdffile.File, u *pdffile.Update)) []byte {
	t.Helper()
	f := open(t, pdf)
	u := f.NewUpdate()
	change(f, u)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf), tail.Data...)
}

// paint adds content and an image to a page, as an editor would.
func paint(t testing.TB, pdf []byte, page int, picture *appearance.Picture, box pdffile.Box) []byte {
	t.Helper()
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
		p, err := f.Page(page)
		if err != nil {
			t.Fatal(err)
		}
		look := appearance.NewLook(box.W, box.H)
		look.Picture(picture, pdffile.Box{W: box.W, H: box.H})
		form, err := look.Form(u, p.Geometry, appearance.Constraints{})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Rect(box)
		content := "\nq 1 0 0 1 " + number(r.X0) + " " + number(r.Y0) + " cm /AnTinTest Do Q\n"
		extra := u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte(content)})
		resources := f.Dict(p.Resources).Clone()
		objects := f.Dict(resources["XObject"]).Clone()
		if objects == nil {
			objects = pdffile.Dict{}
		}
		objects["AnTinTest"] = form
		resources["XObject"] = objects
		d := p.Dict.Clone()
		d["Resources"] = resources
		parts, ok := d["Contents"].(pdffile.Array)
		if !ok {
			parts = pdffile.Array{d["Contents"]}
		}
		d["Contents"] = append(parts[:len(parts):len(parts)], extra)
		u.Set(p.Ref, d)
	})
}

// check judges pdf with everything known.
func check(t testing.TB, pdf []byte) report.Document {
	t.Helper()
	o := theOffice(t)
	return checkWith(t, pdf, report.CheckOptions{Options: verify.Options{Store: o.store}, Roles: o.roles()})
}

func checkWith(t testing.TB, pdf []byte, o report.CheckOptions) report.Document {
	t.Helper()
	d, _, err := report.Check(context.Background(), open(t, pdf), "QD-121.phathanh.pdf", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// flip changes one signed byte that the structure does not depend on.
func flip(t testing.TB, pdf []byte) []byte {
	t.Helper()
	out := bytes.Clone(pdf)
	i := bytes.Index(out, []byte("/Producer"))
	if i < 0 {
		t.Fatal("no /Producer in the document")
	}
	j := bytes.IndexByte(out[i:], '(')
	out[i+j+3] ^= 1
	return out
}

// fill puts a value into the empty text field, as anybody may.
func fill(t testing.TB, pdf []byte) []byte {
	t.Helper()
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
		fl, err := f.Field("AnTin_So")
		if err != nil {
			t.Fatal(err)
		}
		d := fl.Dict.Clone()
		d["V"] = pdffile.TextString("999/QĐ-UBND")
		u.Set(fl.Ref, d)
	})
}

// noText leaves out the text fields, which only a first signature can bring.
func noText(q pades.Request) pades.Request {
	q.Text = nil
	return q
}
