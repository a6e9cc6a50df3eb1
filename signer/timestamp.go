package signer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/register"
	"antin/signer/trust"
	"antin/signer/verify"
)

// Refusals of AddTimestamp and of a row of NewTimestampBatch.
var (
	ErrNoTSA       = errors.New("signer: no time-stamp authority is set")
	ErrUnsigned    = errors.New("signer: the document has no signature")
	ErrTimestamped = errors.New("signer: the last signature has a time-stamp")
	ErrMoved       = errors.New("signer: the document is not where the register says")
	ErrNotEntered  = errors.New("signer: the file is not the one in the register") // changed or replaced since
)

// TimestampJob is a time-stamp for a document that was signed without one. No key
// is needed.
type TimestampJob struct {
	Source   string // path of the PDF; read only
	Password string // of an encrypted document
	Out      string // file or folder; "" = beside the source
	TSA      *cms.TSA
	Trust    *trust.Store // for the checks before and after; may be nil
	Now      func() time.Time

	sum string // SHA-256 of the source, hexadecimal, where another file must not be taken for it
}

const timestampSuffix = ".dauthoigian"

// TimestampPatience is how long an authority should be waited for where nobody
// waits for the signature: from some in use, answers after more than two minutes
// are known.
const TimestampPatience = 3 * time.Minute

// common is the job as the parts that signing jobs share want it.
func (job TimestampJob) common() Common {
	return Common{
		Source: job.Source, Password: job.Password, Out: job.Out, TSA: job.TSA, Trust: job.Trust, Now: job.Now,
		EvenIfSigned: true, // nobody signs
	}
}

// output finds folder and name. What the document was before stays in the name:
// x.phathanh.dauthoigian.pdf lies beside x.phathanh.pdf, which is its beginning.
func (job TimestampJob) output() (*output, error) {
	o, err := outputAt(job.Source, job.Out, timestampSuffix)
	if err == nil && !o.fixed {
		base := filepath.Base(job.Source)
		o.name = base[:len(base)-len(filepath.Ext(base))] + timestampSuffix + ".pdf"
	}
	return o, err
}

// AddTimestamp makes a copy of a signed document that has a document time-stamp
// (EN 319 142-1, 5.4.3) over all of it: what was signed without a network gets the
// proof of its time, at level B-T, and the signed file stays as it is. Errors:
// ErrNoTSA, ErrUnsigned, ErrBrokenSignature, ErrTimestamped, those of cms.TSA, of
// pades.NewTimeStampPlan, and those of writing an output.
func AddTimestamp(ctx context.Context, job TimestampJob, progress Progress) (*Result, error) {
	if job.TSA == nil {
		return nil, ErrNoTSA
	}
	c := job.common()
	src, err := openSource(ctx, c, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if err := lacksTimestamp(src.before); err != nil {
		return nil, err
	}
	plan, err := pades.NewTimeStampPlan(src.File, *job.TSA)
	if err != nil {
		return nil, err
	}
	o, err := job.output()
	if err == nil {
		err = o.create()
	}
	if err != nil {
		return nil, err
	}
	defer o.discard()
	made, report, err := src.write(ctx, plan, o, c, progress)
	if err != nil {
		return nil, err
	}
	if err := job.began(io.NewSectionReader(o, 0, made.Source)); err != nil {
		return nil, err
	}
	r := &Result{}
	return r, src.finish(o, made, report, r, progress)
}

// began tells whether the output began with the file that is meant.
func (job TimestampJob) began(source io.Reader) error {
	if job.sum == "" {
		return nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, source); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotPut, err)
	}
	if hex.EncodeToString(h.Sum(nil)) != job.sum {
		return fmt.Errorf("%w: %q", ErrNotEntered, job.Source)
	}
	return nil
}

// lacksTimestamp tells whether the newest signature is one without a time-stamp.
// Whether a time-stamp that is there can be relied on is another question.
func lacksTimestamp(r *verify.Report) error {
	if len(r.Signatures) == 0 {
		return ErrUnsigned
	}
	if last := &r.Signatures[len(r.Signatures)-1]; last.Stamp != nil {
		return fmt.Errorf("%w: %q, %s", ErrTimestamped, last.Field, last.Stamp.Time.Format(time.RFC3339))
	}
	return nil
}

// AddTimestampEntered is AddTimestamp with an entry in the register, under the
// hashes of both files; the document waits no longer, wherever it has been moved
// since. When the same call was cut short by a crash, what that has made is
// entered. Errors: ErrNotEntered when the file is replaced meanwhile, those of
// AddTimestamp and of the register.
func AddTimestampEntered(ctx context.Context, r *register.Register, job TimestampJob, progress Progress) (*Result, error) {
	sum, err := hashFile(job.Source, -1)
	if err != nil {
		return nil, err
	}
	if job.sum != "" && sum != job.sum {
		return nil, fmt.Errorf("%w: %q", ErrNotEntered, job.Source)
	}
	job.sum = sum
	made, err := job.found(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		made, err = AddTimestamp(ctx, job, progress)
	}
	if err != nil {
		return nil, err
	}
	keep := context.WithoutCancel(ctx) // what has been done is written down whatever happens
	out := outputOf(made)
	err = r.Stamp(keep, register.Stamp{Of: sum, Output: out})
	if errors.Is(err, register.ErrNoEntry) { // it was not waiting
		err = r.Record(keep, register.Action{What: "stamp", Source: register.File{Path: job.Source, SHA256: sum}, Output: out, Result: "done"})
	}
	return made, err
}

// found is what an earlier call has made of the file, under one of the names that it could have given. Error: fs.ErrNotExist.
func (job TimestampJob) found(ctx context.Context) (*Result, error) {
	o, err := job.output()
	if err != nil || o.fixed {
		return nil, errors.Join(err, fs.ErrNotExist)
	}
	for i := 1; i < 1000; i++ {
		path := o.numbered(i)
		err := grown(register.File{Path: job.Source, SHA256: job.sum}, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil {
			continue
		}
		r, err := lastIn(ctx, job.Source, path, job.common(), func(s *verify.Signature) bool {
			return s.Kind == verify.DocTimeStamp && s.Stamp != nil && (s.Stamp.Trusted || !job.Trust.HasAnchors())
		})
		if err == nil || ctx.Err() != nil {
			return r, err
		}
	}
	return nil, fs.ErrNotExist
}

// NewTimestampBatch is the documents that wait for a time-stamp in the register,
// the oldest first; job says what holds for all of them. Errors of its rows:
// ErrMoved and those of AddTimestampEntered. A server that gives no
// time-stamp halts it.
func NewTimestampBatch(ctx context.Context, r *register.Register, job TimestampJob) (*Batch, error) {
	b := &Batch{}
	var sums []string
	for e, err := range r.Unstamped(ctx) {
		if err != nil {
			return nil, err
		}
		out := e.Output()
		b.Rows, sums = append(b.Rows, Row{Source: out.Path}), append(sums, out.SHA256)
	}
	b.Step = func(ctx context.Context, row int, progress Progress) (*Result, error) {
		job := job
		job.Source, job.sum = b.Rows[row].Source, sums[row]
		job.Password = cmp.Or(b.Rows[row].Password, job.Password)
		if job.TSA == nil {
			return nil, ErrNoTSA
		}
		if _, err := os.Stat(job.Source); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w: %w", ErrMoved, err)
		}
		return AddTimestampEntered(ctx, r, job, progress)
	}
	return b, nil
}
