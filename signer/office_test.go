package signer_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/practice/vcard"
	"antin/signer/render"
	"antin/signer/token"
	"antin/signer/trust"
)

// office is a make-believe office with one decision and software keys.
type office struct {
	authority             *practice.Authority
	leader, drafter, seal *practice.Identity
	expired               *practice.Identity
	store                 *trust.Store
	anchors               string // PEM folder
	decision              []byte
	places                practice.DecisionPlaces
	signature, sealImage  []byte
}

var theOffice = sync.OnceValues(makeOffice)

func makeOffice() (*office, error) {
	o := &office{}
	var err error
	if o.authority, err = practice.NewAuthority(practice.AuthorityOptions{}); err != nil {
		return nil, err
	}
	now := time.Now()
	for _, i := range []struct {
		to **practice.Identity
		o  practice.IdentityOptions
	}{
		{&o.leader, practice.IdentityOptions{Name: "Nguyễn Văn An"}},
		{&o.drafter, practice.IdentityOptions{Name: "Đặng Thị Ánh Tuyết", Key: practice.P256}},
		{&o.seal, practice.IdentityOptions{Name: "Ủy ban nhân dân xã Bình Minh", Key: practice.P384}},
		{&o.expired, practice.IdentityOptions{Name: "Phạm Văn Hết Hạn", Key: practice.P256, NotBefore: now.AddDate(-3, 0, 0), NotAfter: now.AddDate(-1, 0, 0)}},
	} {
		if *i.to, err = o.authority.Issue(i.o); err != nil {
			return nil, err
		}
	}
	if o.anchors, err = os.MkdirTemp("", "antin-office-"); err != nil {
		return nil, err
	}
	if err := o.authority.WriteFiles(o.anchors); err != nil {
		return nil, err
	}
	if o.store, err = trust.Load(o.anchors); err != nil {
		return nil, err
	}
	if o.decision, o.places, err = practice.Decision(practice.DecisionOptions{}); err != nil {
		return nil, err
	}
	if o.signature, err = practice.SignaturePicture("Nguyễn Văn An", 1); err != nil {
		return nil, err
	}
	o.sealImage, err = practice.SealPicture(practice.SealOptions{Diameter: 36})
	return o, err
}

func TestMain(m *testing.M) {
	switch { // the helpers that a program dispatches
	case len(os.Args) > 3 && os.Args[1] == "worker" && os.Args[2] == "token":
		os.Exit(token.ServeModule(os.Args[3:]))
	case len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render":
		os.Exit(render.ServePages(os.Args[3:]))
	case len(os.Args) > 1 && os.Args[1] == vcard.HostCommand:
		os.Exit(vcard.Host(os.Args[2:]))
	}
	if dir := os.Getenv("ANTIN_TEST_FULL_DISK"); dir != "" {
		os.Exit(signOnFullDisk(dir))
	}
	if dir := os.Getenv("ANTIN_TEST_KILLED"); dir != "" {
		os.Exit(signUntilKilled(dir))
	}
	if dir := os.Getenv("ANTIN_TEST_BATCH"); dir != "" {
		os.Exit(batchProcess(dir))
	}
	if engine := os.Getenv("ANTIN_BENCH_ENGINE"); engine != "" {
		os.Exit(benchmarkedProcess(engine))
	}
	code := m.Run()
	if o, err := theOffice(); err == nil {
		_ = os.RemoveAll(o.anchors)
	}
	os.Exit(code)
}

// desk is a folder with the office's decision and pictures in it.
type desk struct {
	*office
	t   testing.TB
	dir string
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	o, err := theOffice()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{o, t, t.TempDir()}
	d.put("qd.pdf", o.decision)
	d.put("ky.png", o.signature)
	d.put("dau.png", o.sealImage)
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) put(name string, data []byte) string {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), data, 0o644); err != nil {
		d.t.Fatal(err)
	}
	return d.path(name)
}

func (d *desk) common(source string, key *practice.Identity) signer.Common {
	return signer.Common{Source: source, Key: key, Trust: d.store}
}

// slots are the places that the decision leaves for number and date.
func (d *desk) slots() (out []signer.Slot) {
	d.t.Helper()
	for part, s := range map[signer.Part]practice.Slot{signer.NumberPart: d.places.Number, signer.DatePart: d.places.Date} {
		at, err := signer.SlotAt(part, s.Page, s.Start, s.Baseline, s.X+s.W-s.Start, s.Size)
		if err != nil {
			d.t.Fatal(err)
		}
		out = append(out, *at)
	}
	return out
}

// approval is the leader's job on the decision.
func (d *desk) approval(source string) signer.ApproveJob {
	at := d.places.Signature
	return signer.ApproveJob{
		Common: d.common(source, d.leader), Picture: d.path("ky.png"),
		At:    &signer.Place{Page: at.Page, Box: pdffile.Box{X: at.X, Y: at.Y, W: at.W, H: at.H}},
		Slots: d.slots(),
	}
}

// issuing is the clerk's job on what the leader signed.
func (d *desk) issuing(source string) signer.IssueJob {
	return signer.IssueJob{
		Common: d.common(source, d.seal), Number: "121/QĐ-UBND", Seal: d.path("dau.png"), Diameter: 36,
		Date: time.Date(2026, 2, 3, 8, 0, 0, 0, time.UTC),
	}
}

func (d *desk) approve(job signer.ApproveJob) *signer.Result {
	d.t.Helper()
	r, err := signer.Approve(context.Background(), job, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) issue(job signer.IssueJob) *signer.Result {
	d.t.Helper()
	r, err := signer.Issue(context.Background(), job, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// judges asks the other validators on the machine about a file of n signatures.
func (d *desk) judges(path string, n int) {
	d.t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	opinions := []practice.Opinion{practice.QPDF(path, ""), practice.PDFSig(path, "", n), practice.MuTool(path, "", n)}
	sigs, err := f.Signatures()
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range sigs {
		opinions = append(opinions, practice.OpenSSLCMS(path, s.ByteRange, s.Contents, filepath.Join(d.anchors, "root.pem")))
	}
	for _, o := range opinions {
		if err := o.Error(); err != nil {
			d.t.Error(err)
		}
	}
}

// left lists the folder, to show that nothing was left behind.
func (d *desk) left() []string {
	d.t.Helper()
	es, err := os.ReadDir(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	var names []string
	for _, e := range es {
		names = append(names, e.Name())
	}
	return names
}
