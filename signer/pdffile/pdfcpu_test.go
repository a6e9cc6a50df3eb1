package pdffile_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// TestPdfcpuReadsTheSame compares every object of every sound file with what
// pdfcpu, an independent parser, makes of the same bytes.
func TestPdfcpuReadsTheSame(t *testing.T) {
	api.DisableConfigDir()
	for _, s := range shapes.Sound() {
		if s.Encryption != "" || s.Pages > 100 {
			continue // pdfcpu decrypts strings in its own representation
		}
		t.Run(s.Name, func(t *testing.T) {
			data := s.Data(t)
			conf := model.NewDefaultConfiguration()
			conf.Offline = true
			ctx, err := api.ReadContext(bytes.NewReader(data), conf)
			if err != nil {
				t.Fatalf("pdfcpu: %v", err)
			}
			f := open(t, data, "")
			compared := 0
			for n, e := range ctx.Table {
				if e == nil || e.Free || e.Object == nil {
					continue
				}
				ref, ok := f.RefOf(n)
				if !ok {
					continue // pdfcpu keeps objects of its own making
				}
				o, err := f.Load(ref)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(theirs(t, e.Object), ours(t, f, o)); diff != "" {
					t.Errorf("object %d (-pdfcpu +pdffile):\n%s", n, diff)
				}
				compared++
			}
			if compared < 3 {
				t.Errorf("only %d objects compared", compared)
			}
		})
	}
}

// theirs and ours bring both representations to common ground.
func theirs(t *testing.T, o types.Object) any {
	switch v := o.(type) {
	case nil:
		return nil
	case types.Boolean:
		return bool(v)
	case types.Integer:
		return float64(v)
	case types.Float:
		return math.Round(float64(v)*1e6) / 1e6
	case types.Name:
		return "/" + string(v)
	case types.StringLiteral:
		b, err := types.Unescape(string(v))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	case types.HexLiteral:
		b, err := v.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	case types.IndirectRef:
		return [2]int{v.ObjectNumber.Value(), v.GenerationNumber.Value()}
	case types.Array:
		out := []any{}
		for _, e := range v {
			out = append(out, theirs(t, e))
		}
		return out
	case types.Dict:
		out := map[string]any{}
		for k, e := range v {
			if e != nil {
				out[k] = theirs(t, e)
			}
		}
		return out
	case types.StreamDict:
		return []any{theirs(t, v.Dict), string(v.Raw)}
	case *types.StreamDict:
		return theirs(t, *v)
	case types.LazyObjectStreamObject:
		decoded, err := v.DecodedObject(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return theirs(t, decoded)
	case types.ObjectStreamDict:
		return theirs(t, v.StreamDict)
	case types.XRefStreamDict:
		return theirs(t, v.StreamDict)
	}
	t.Fatalf("pdfcpu gives %T", o)
	return nil
}

func ours(t *testing.T, f *pdffile.File, o pdffile.Object) any {
	switch v := o.(type) {
	case int:
		return float64(v)
	case float64:
		return math.Round(v*1e6) / 1e6
	case pdffile.Name:
		return "/" + string(v)
	case pdffile.String:
		return string(v)
	case pdffile.Ref:
		return [2]int{v.Num, v.Gen}
	case pdffile.Array:
		out := []any{}
		for _, e := range v {
			out = append(out, ours(t, f, e))
		}
		return out
	case pdffile.Dict:
		out := map[string]any{}
		for k, e := range v {
			out[string(k)] = ours(t, f, e)
		}
		return out
	case *pdffile.Stream:
		raw, err := f.Raw(v)
		if err != nil {
			t.Fatal(err)
		}
		return []any{ours(t, f, v.Dict), string(raw)}
	}
	return o
}
