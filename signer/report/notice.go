package report

import (
	"io"
	"slices"
	"strings"
)

// Letter says to whom and from whom a notice goes. Everything may be left out.
type Letter struct {
	Sender string // cơ quan that sent the document
}

// Notice writes the draft of the letter that returns the refused documents of
// the model to their sender (NĐ 30/2020/NĐ-CP, Điều 21.2): plain text in UTF-8,
// for a person to read over. Valid documents are left out, and those that only
// wait for a word of the checker; when none is left, one sentence says so.
func (m *Model) Notice(w io.Writer, to Letter) error {
	var b strings.Builder
	put := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	or := func(given, name string) string {
		if given == "" {
			return text(name)
		}
		return given
	}
	agency, sender := or(m.Agency, "notice.agency"), or(line(to.Sender), "notice.blank")
	refused := slices.DeleteFunc(slices.Clone(m.Documents), func(d Document) bool { return d.Result == Valid || len(complaints(d)) == 0 })
	if len(refused) == 0 {
		put(text("notice.none", "clock", clock(m.Made), "day", day(m.Made)))
		_, err := io.WriteString(w, b.String())
		return err
	}
	put(text("notice.title"), "", text("notice.to", "sender", sender), "",
		text("notice.opening", "day", day(m.Made), "agency", agency), "")
	var advice []string
	for _, d := range refused {
		put(text("notice.file", "name", d.Name), text("notice.size", "size", text("record.bytes", "count", grouped(d.Size))))
		if d.SHA256 != "" {
			put(text("notice.sha256", "sha256", d.SHA256))
		}
		put("", text("notice.refused", "clock", clock(d.Checked), "day", day(d.Checked), "result", strings.ToLower(d.Title)))
		for i, r := range complaints(d) {
			put(text("notice.reason", "number", itoa(i+1), "text", r.Text))
			if a := adviceFor(r.Code); !slices.Contains(advice, a) {
				advice = append(advice, a)
			}
		}
		put("")
	}
	put(text("notice.ask"))
	for _, a := range advice {
		put(text("notice.dash", "text", text("advice."+a)))
	}
	put("", text("notice.answer"), "", text("notice.place", "place", or(m.Agency, "notice.blank"), "day", day(m.Made)))
	if m.Checker != "" {
		put(text("notice.signed", "checker", m.Checker))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// complaints are the reasons that concern the sender.
func complaints(d Document) []Reason {
	return slices.DeleteFunc(slices.Clone(d.Reasons), func(r Reason) bool {
		switch r.Code {
		case "both.guessed", "pictures.unchecked", "missing":
			return true
		}
		return false
	})
}

// advices: what the sender can do about a finding.
var advices = map[string]string{
	"integrity.changed": "resend", "integrity.hash": "resend", "integrity.crypto": "resend", "integrity.format": "resend",
	"integrity.failed": "resend", "integrity.unchecked": "resend", "integrity.damaged": "resend", "integrity.unread": "resend",
	"integrity.orphans": "resend", "integrity.rules": "resend", "changes.forbidden": "resend", "changes.bytes": "resend", "changes.filled": "resend",
	"integrity.weak": "weak", "who.weak": "weak", "revocation.weak": "weak",
	"integrity.foreign": "sign", "integrity.unsigned": "sign", "both.unsigned": "sign", "pictures.unsigned-seal": "sign", "pictures.unsigned-strokes": "sign",
	"integrity.password": "password",
	"who.untrusted":      "certificate", "who.missing": "certificate", "who.open": "certificate",
	"who.unfit": "resign", "period.outside": "resign", "period.early": "resign", "period.late": "resign", "period.ca": "resign",
	"revocation.revoked": "resign", "revocation.compromised": "resign",
	"period.expired": "stamp", "period.claim": "stamp", "stamp.problem": "stamp", "stamp.conflict": "stamp", "stamp.none-bare": "stamp", "stamp.failed": "stamp", "stamp.open": "contact",
	"revocation.unproven": "revocation", "revocation.absent": "revocation", "revocation.outdated": "revocation",
	"revocation.unusable": "revocation", "revocation.unlisted": "revocation",
	"both.person": "both", "both.organisation": "both", "both.unsure": "both", "both.order": "both",
	"pictures.loose-seal": "pictures", "pictures.person-seal": "pictures", "pictures.empty-field": "pictures",
}

func adviceFor(code string) string {
	if a, ok := advices[code]; ok {
		return a
	}
	return "contact"
}
