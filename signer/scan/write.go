package scan

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"antin/signer/pdffile"
	"antin/signer/tempfile"
)

// Properties of the document that is made (ISO 32000-1, 14.3.3).
type Properties struct {
	Title    string
	Creator  string // the program or the scanner that the pages come from
	Producer string
	Created  time.Time
}

// Bind writes the pages of a plan as one PDF into a temporary file, which whoever
// calls it closes. Errors: those of Write and of the file system.
func Bind(ctx context.Context, plan Plan, p Properties) (*tempfile.File, error) {
	f, err := tempfile.New(tempPattern)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(Write(ctx, w, plan, p), w.Flush()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

const tempPattern = "antin-*.pdf"

// Write writes the pages of a plan to w as one PDF 1.7, in true size. Sources
// are read again and never written to; one page is in memory at a time. The
// caller checks the result with CheckFile before anything is made of it.
// Errors: those of Leaves; ErrNoDensity for a page that still asks; ErrNoInput
// for an empty plan; w's and ctx's.
func Write(ctx context.Context, w io.Writer, plan Plan, p Properties) error {
	sheets := plan.Sheets()
	if len(sheets) == 0 {
		return ErrNoInput
	}
	for i, s := range sheets {
		if s.Asks {
			return fmt.Errorf("page %d of the plan, %q: %w", i+1, s.File.Path, ErrNoDensity)
		}
	}
	b := &binding{document: pdffile.NewDocument(w)}
	b.tree = b.document.Reserve()
	err := b.bind(ctx, sheets)
	if err = errors.Join(err, b.close()); err != nil {
		return err
	}
	d := b.document
	d.Put(b.tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": b.kids, "Count": len(b.kids)})
	catalog := d.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": b.tree})
	return d.Close(catalog, d.Add(p.dict()))
}

func (p Properties) dict() pdffile.Dict {
	d := pdffile.Dict{}
	for key, v := range map[pdffile.Name]string{"Title": p.Title, "Creator": p.Creator, "Producer": p.Producer} {
		if v != "" {
			d[key] = pdffile.TextString(v)
		}
	}
	if !p.Created.IsZero() {
		at := p.Created.In(time.FixedZone("+07", 7*3600)).Format("D:20060102150405+07'00'")
		d["CreationDate"], d["ModDate"] = pdffile.String(at), pdffile.String(at)
	}
	return d
}

// binding is the work on one document. The source read last stays open: pages
// of one file mostly follow each other.
type binding struct {
	document *pdffile.Document
	tree     pdffile.Ref
	kids     pdffile.Array

	source File
	input  input
}

func (b *binding) bind(ctx context.Context, sheets []Sheet) error {
	for _, s := range sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.sheet(s); err != nil {
			return fmt.Errorf("page %d of %q: %w", s.Page, s.File.Path, err)
		}
	}
	return b.document.Err()
}

func (b *binding) sheet(s Sheet) error {
	if b.input == nil || b.source != s.File {
		if err := b.close(); err != nil {
			return err
		}
		in, err := open(s.File)
		if err != nil {
			return err
		}
		b.input, b.source = in, s.File
	}
	if leaves := b.input.leaves(); s.Page < 1 || s.Page > len(leaves) || leaves[s.Page-1] != s.Leaf {
		return fmt.Errorf("%w: the file is no longer what it was", ErrInputDamaged)
	}
	page, err := b.input.put(b.document, s.Page)
	if err != nil {
		return err
	}
	page["Parent"] = b.tree
	turn, _ := page["Rotate"].(int)
	page["Rotate"] = (turn + s.Turn) % 360
	b.kids = append(b.kids, b.document.Add(page))
	return nil
}

func (b *binding) close() error {
	if b.input == nil {
		return nil
	}
	in := b.input
	b.input = nil
	return in.Close()
}
