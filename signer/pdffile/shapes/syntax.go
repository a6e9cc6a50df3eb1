package shapes

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// syntaxShapes differ in how the file is written, not in what it says.
func syntaxShapes() []Shape {
	all := []Shape{
		{Name: "xref-table", build: plain("1.7", (*Builder).Table), Pages: 2},
		{Name: "xref-stream", build: plain("1.7", (*Builder).XRefStream), Pages: 2},
		{Name: "object-streams", build: packed(nil), Pages: 2, Fields: []string{"ho_ten"}},
		{Name: "object-streams-many", build: file(func() []byte {
			return NewDocument("1.7", 150).Finish().ObjectStreams()
		}), Pages: 150},
		{Name: "object-streams-predictor", build: packed(func(b *Builder) { b.Predictor = true }), Pages: 2, Fields: []string{"ho_ten"}},
		{Name: "xref-stream-predictor-12", build: file(func() []byte {
			b := NewDocument("1.7", 2).Finish()
			b.Predictor = true
			return b.XRefStream()
		}), Pages: 2},
		{Name: "xref-stream-unfiltered", build: file(xrefStreamUnfiltered)},
		{Name: "hybrid-reference", build: file(func() []byte { return hybrid((*Builder).Hybrid) }), Version: "1.5", Pages: 2, Fields: []string{"ho_ten"}},
		{
			Name: "hybrid-reference-one-section", build: file(func() []byte { return hybrid((*Builder).HybridOneSection) }),
			Version: "1.5", Pages: 2, Fields: []string{"ho_ten"},
		},
		{Name: "linearized-by-qpdf", build: byQPDF(func() []byte { return NewDocument("1.7", 5).Finish().Table() },
			"--deterministic-id", "--linearize"), Pages: 5},
		{Name: "linearized-object-streams-by-qpdf", build: byQPDF(func() []byte { return NewDocument("1.7", 5).Finish().Table() },
			"--deterministic-id", "--linearize", "--object-streams=generate"), Pages: 5},
		{Name: "line-ends-crlf", build: lineEnds("\r\n", (*Builder).Table)},
		{Name: "line-ends-cr", build: lineEnds("\r", (*Builder).Table)},
		{Name: "line-ends-cr-xref-stream", build: lineEnds("\r", (*Builder).XRefStream)},
		{Name: "comments", build: file(comments)},
		{Name: "white-space", build: file(whiteSpace)},
		{Name: "names-escaped", build: file(namesEscaped)},
		{
			Name: "header-after-junk", Expect: Refused, Reason: "%PDF- is not at byte 0 and the offsets count from it: readers disagree on byte ranges",
			Pages: 2, build: file(func() []byte {
				return append([]byte("From: mail@example.com\r\n\r\n"), NewDocument("1.7", 2).Finish().Table()...)
			}),
		},
		{Name: "header-without-comment", build: head("%PDF-1.7\n")},
		{Name: "header-long-comment", build: head("%PDF-1.7\r\n%\xf6\xe4\xfc\xdf\xff\xfe made by nobody\r\n% second\r\n")},
		{Name: "end-without-eol", build: ending("")},
		{Name: "end-nul-bytes", build: ending("\n" + string(make([]byte, 600)))},
		{Name: "end-blanks", build: ending("\r\n   \t  \r\n\r\n")},
		{Name: "no-id", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.ID = ""
			return b.Table()
		})},
		{Name: "no-id-xref-stream", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.ID = ""
			return b.XRefStream()
		})},
		{Name: "version-in-catalog", Version: "1.7", build: file(func() []byte {
			d := NewDocument("1.4", 1)
			d.Catalog = "/Version/1.7"
			return d.Finish().Table()
		})},
		{Name: "gaps-in-numbers", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			for range 40 {
				d.Reserve()
			}
			d.AddPage(A4)
			return d.Finish().Table()
		}), Pages: 2},
		{
			Name: "large-size-entry", Reason: "/Size is larger than the highest number + 1; new numbers start above it", Damaged: true,
			Pages: 1, Width: a4Width, Height: a4Height, build: file(func() []byte {
				return replace(NewDocument("1.7", 1).Finish().Table(), "/Size 6", "/Size 60")
			}),
		},
	}
	for _, v := range []string{"1.3", "1.4", "1.5", "1.6", "1.7", "2.0"} {
		all = append(all, Shape{Name: "version-" + v, Version: v, build: plain(v, (*Builder).Table), Pages: 2})
	}
	return all
}

func plain(version string, write func(*Builder) []byte) func() ([]byte, error) {
	return file(func() []byte { return write(NewDocument(version, 2).Finish()) })
}

// packed puts catalog, pages, form and field into object streams.
func packed(change func(*Builder)) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 2)
		d.addTextForm()
		b := d.Finish()
		if change != nil {
			change(b)
		}
		return b.ObjectStreams()
	})
}

// hybrid hides the form and its field from readers of PDF 1.4.
func hybrid(write func(*Builder, ...Ref) []byte) []byte {
	d := NewDocument("1.5", 2)
	form, field := d.addTextForm()
	return write(d.Finish(), form, field)
}

// xrefStreamUnfiltered has a cross-reference stream that can be read with the
// eye: no filter, wide offsets, no /Index.
func xrefStreamUnfiltered() []byte {
	b := NewDocument("1.7", 1).Finish()
	var buf bytes.Buffer
	out := b.begin(&buf)
	entries := b.complete(b.writeObjects(out, b.numbers()))
	self := b.size
	start := out.n
	entries[self] = entry{1, start, 0}
	var rows []byte
	for num := range self + 1 {
		e := entries[num]
		rows = append(rows, byte(e.kind), 0, 0, 0, 0, byte(e.a>>24), byte(e.a>>16), byte(e.a>>8), byte(e.a), byte(e.b>>8), byte(e.b))
	}
	out.object(self, object{stream: true, data: rows, body: fmt.Sprintf(
		"<</Type/XRef/W[1 8 2]%s/Length %d>>", b.trailer(self+1), len(rows))})
	out.end(start) // a bytes.Buffer takes everything
	return buf.Bytes()
}

func lineEnds(eol string, write func(*Builder) []byte) func() ([]byte, error) {
	return file(func() []byte {
		b := NewDocument("1.7", 1).Finish()
		b.EOL = eol
		b.Head = []byte("%PDF-1.7" + eol + binaryComment + eol)
		return write(b)
	})
}

func head(head string) func() ([]byte, error) {
	return file(func() []byte {
		b := NewDocument("1.7", 1).Finish()
		b.Head = []byte(head)
		return b.Table()
	})
}

// ending replaces what follows the last %%EOF.
func ending(tail string) func() ([]byte, error) {
	return file(func() []byte {
		return append(bytes.TrimRight(NewDocument("1.7", 1).Finish().Table(), "\n"), tail...)
	})
}

// comments stand wherever white space may stand (7.2.4).
func comments() []byte {
	b := NewBuilder("1.7")
	tree := b.Reserve()
	page := b.Add("<<%%comment >> endobj\n/Type%%x\n/Page/Parent %d %%0 9 R\n0 %%\nR /MediaBox[0 %%(\n0 %s]>>%% 9 0 obj", tree.Num, "595.276 841.89")
	b.Set(tree, "%%trailer\n<</Type/Pages/Kids[%%]\n%v]/Count 1%%2\n>>", page)
	b.Root = b.Add("<</Type/Catalog/Pages %v>>%%%%EOF", tree)
	b.Trailer = "%/Prev 5\n"
	return b.Table()
}

// whiteSpace has all six white-space characters and as much as a file may
// have, and none where it need not have any.
func whiteSpace() []byte {
	b := NewBuilder("1.7")
	tree := b.Reserve()
	page := b.Add("\t<<\x00/Type\f/Page\r\n/Parent   %d\t0\nR/MediaBox [ 0\r0 +595.276 841.890 ]/Rotate 0/Contents[]>>", tree.Num)
	b.Set(tree, "<<\n\n\n/Type/Pages/Kids[%v]/Count\r1>>", page)
	b.Root = b.Add("<</Type/Catalog/Pages %v/Lang(vi\\055VN)/K[1(a)<61>/b<<>>true false null]>>", tree)
	return b.Table()
}

// namesEscaped writes the keys of the page with #xx (7.3.5).
func namesEscaped() []byte {
	b := NewBuilder("1.7")
	tree := b.Reserve()
	page := b.Add("<</Type/P#61ge/P#61rent %v/MediaBo#78[0 0 595.276 841.89]/Ti#e1#ba#bfng#20Vi#E1#BB#87t/x#23y>>", tree)
	b.Set(tree, "<</Type/P#61ges/#4bids[%v]/Count 1>>", page)
	b.Root = b.Add("<</Type/C#61talog/P#61ges %v>>", tree)
	return b.Table()
}

// replace changes one place of a file; the text must be there.
func replace(file []byte, old, repl string) []byte {
	if !bytes.Contains(file, []byte(old)) {
		panic("shapes: nothing to replace: " + old)
	}
	return bytes.Replace(file, []byte(old), []byte(repl), 1)
}

// byQPDF lets qpdf rewrite a file.
func byQPDF(source func() []byte, args ...string) func() ([]byte, error) {
	return func() ([]byte, error) {
		qpdf, err := exec.LookPath("qpdf")
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errTool, err)
		}
		dir, err := os.MkdirTemp("", "shapes")
		if err != nil {
			return nil, fmt.Errorf("making a folder for qpdf: %w", err)
		}
		defer os.RemoveAll(dir)
		in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
		if err := os.WriteFile(in, source(), 0o600); err != nil {
			return nil, fmt.Errorf("writing for qpdf: %w", err)
		}
		cmd := exec.Command(qpdf, append(slices.Clone(args), in, out)...)
		if message, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("running qpdf %q: %w: %s", args, err, message)
		}
		return os.ReadFile(out)
	}
}
