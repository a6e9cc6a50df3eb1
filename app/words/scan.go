package words

import (
	"strconv"

	"antin/signer/scan"
)

// Finding is a sentence or two that say what the gate of scans found, and what
// to do.
func (l Language) Finding(f scan.Finding) string {
	page, value, limit := f.Page, l.short(f.Value), l.short(f.Limit)
	switch f.Kind {
	case scan.OldVersion:
		return l.Text("scan.old-version", f.Text, f.LimitText)
	case scan.NoTextLayer:
		return l.Text("scan.no-text-layer", int(f.Value))
	case scan.NoPDFA:
		return l.Text("scan.no-pdfa")
	case scan.Signed:
		return l.Text("scan.signed", int(f.Value))
	case scan.LowDPI:
		return l.Text("scan.low-dpi", page, value, limit)
	case scan.UnsureDPI:
		return l.Text("scan.unsure-dpi", page, value, limit)
	case scan.Bilevel:
		return l.Text("scan.bilevel", page)
	case scan.Gray:
		return l.Text("scan.gray", page)
	case scan.FalseColor:
		return l.Text("scan.false-color", page)
	case scan.FewBits:
		return l.Text("scan.few-bits", page, int(f.Value), int(f.Limit))
	case scan.Scaled:
		return l.Text("scan.scaled", page, f.Text, value+" %", limit+" %")
	case scan.OtherPaper:
		return l.Text("scan.other-paper", page, f.Text, f.LimitText)
	case scan.OddPaper:
		return l.Text("scan.odd-paper", page, f.Text)
	case scan.Skewed:
		return l.Text("scan.skewed", page, value, limit)
	case scan.Blank:
		return l.Text("scan.blank", page)
	case scan.Turned:
		return l.Text("scan.turned", page, int(f.Value))
	case scan.Duplicate:
		return l.Text("scan.duplicate", page, int(f.Value))
	case scan.Electronic:
		return l.Text("scan.electronic", page)
	case scan.Overlay:
		return l.Text("scan.overlay", page)
	case scan.Unreadable:
		return l.Text("scan.unreadable", page)
	}
	return string(f.Kind)
}

// short is v with one decimal, or none where that is a zero.
func (l Language) short(v float64) string {
	if s := strconv.FormatFloat(v, 'f', 1, 64); s[len(s)-1] == '0' {
		return s[:len(s)-2]
	}
	return l.Number(v)
}

// ScanVerdict is the verdict of the gate in a word or two.
func (l Language) ScanVerdict(v scan.Verdict) string {
	switch v {
	case scan.Pass:
		return l.Text("scan.pass")
	case scan.Look:
		return l.Text("scan.look")
	}
	return l.Text("scan.fail")
}
