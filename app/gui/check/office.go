package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"antin/app/gui/reader"
	"antin/signer"
	"antin/signer/home"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/trust"
	"antin/signer/verify"
)

// Office is what the screen asks for: checks and what comes out of them. Its
// methods take their time and are called beside the user interface, several at
// once.
type Office interface {
	// Open reads whom the user trusts and what he said of certificates. After an
	// error checks can be made all the same.
	Open(context.Context) error
	// Trusting tells that there is a root to trust.
	Trusting() bool
	// Examine checks a document. An error means that the check could not be done.
	Examine(context.Context, Request) (*Found, error)
	// Extract writes the document as a signature covers it, counted from 1, beside
	// the document or into the folder for output.
	Extract(ctx context.Context, q Request, signature int) (path string, err error)
	// Differences are the places where a page looks other than it did when the
	// document ended at the byte end, mm on the page as seen.
	Differences(ctx context.Context, q Request, end int64, page int) ([]pdffile.Box, error)
	// Reader is how pages are shown.
	Reader() reader.Options
	// Say remembers whose a certificate is.
	Say(role report.Role, fingerprint string) error
	// Save writes a new file near a document and gives its path.
	Save(near, name string, write func(io.Writer) error) (path string, err error)
}

// Request is a document to be checked.
type Request struct {
	Path, Password string
	Online         bool // the network may be asked for what is missing
}

// Found is the result of a check.
type Found struct {
	Document report.Document
	Report   *verify.Report // nil when nothing could be judged
}

// office is the user's own.
type office struct {
	output string       // folder for what is made; "" = beside the document
	trust  []string     // files and folders with certificates
	fetch  *trust.Fetch // one for all: a server that does not answer is left alone for the rest

	mu    sync.Mutex
	store *trust.Store
	said  *home.Roles
}

func newOffice(s *settings.Settings) *office {
	return &office{output: s.Folder(), trust: slices.Clone(s.Trust), store: &trust.Store{}, fetch: &trust.Fetch{Proxy: s.Proxies(), Request: 3 * time.Second, Total: 6 * time.Second}}
}

func (o *office) Open(context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	v, err := home.Vault()
	if err == nil {
		o.store = v.Store()
	}
	said, err2 := home.ReadRoles()
	o.said = said
	return errors.Join(err, err2, o.store.AddFiles(o.trust...))
}

func (o *office) Trusting() bool { return o.store.HasAnchors() }

func (o *office) job(q Request) signer.VerifyJob {
	o.mu.Lock()
	defer o.mu.Unlock()
	job := signer.VerifyJob{Source: q.Path, Password: q.Password, Trust: o.store}
	if o.said != nil {
		job.Roles = o.said.Known()
	}
	if q.Online {
		job.Fetch = o.fetch
	}
	return job
}

func (o *office) Examine(ctx context.Context, q Request) (*Found, error) {
	job := o.job(q)
	record, err := signer.Examine(ctx, job)
	if err != nil {
		return nil, err
	}
	if record.Report == nil { // damaged: judged as far as it can be read, for the details
		record.Report, _ = signer.Verify(ctx, job) // the record says already why not
	}
	return &Found{record.Document, record.Report}, ctx.Err()
}

func (o *office) Extract(ctx context.Context, q Request, signature int) (string, error) {
	return signer.Extract(ctx, o.job(q), signature, o.output)
}

func (o *office) Differences(ctx context.Context, q Request, end int64, page int) ([]pdffile.Box, error) {
	return signer.Differences(ctx, q.Path, q.Password, end, page)
}

func (o *office) Reader() reader.Options { return reader.Options{} }

func (o *office) Say(role report.Role, fingerprint string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.said == nil { // the file of roles cannot be read: it is not written over
		_, err := home.ReadRoles()
		return err
	}
	return o.said.Say(role, fingerprint)
}

// Save never replaces a file. Where the document's folder takes no files, such as
// a CD, the user's own does.
func (o *office) Save(near, name string, write func(io.Writer) error) (string, error) {
	dir := o.output
	if dir == "" {
		dir = filepath.Dir(near)
	}
	path, err := writeNew(dir, name, write)
	if own, homeErr := os.UserHomeDir(); errors.Is(err, fs.ErrPermission) && homeErr == nil {
		return writeNew(own, name, write)
	}
	return path, err
}

// writeNew writes a file that does not exist: name, or name (2) and so on.
func writeNew(dir, name string, write func(io.Writer) error) (string, error) {
	ext := filepath.Ext(name)
	path := filepath.Join(dir, name)
	for n := 2; ; n++ {
		h, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			path = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", name[:len(name)-len(ext)], n, ext))
			continue
		}
		if err != nil {
			return "", err
		}
		if err := errors.Join(write(h), h.Close()); err != nil {
			return "", errors.Join(fmt.Errorf("%w: %w", signer.ErrCannotPut, err), os.Remove(path))
		}
		return path, nil
	}
}
