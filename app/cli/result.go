package cli

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"

	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
)

// tell prints what was made.
func (c *command) tell(r *signer.Result, common signer.Common, record signRecord, asJSON bool) {
	if asJSON {
		writeJSON(c.Stdout, c.made(r, common, record))
		return
	}
	titles := map[string]string{"sign": "sign.done", "issue": "issue.done", "attach": "attach.done", "copy": "copy.done", "stamp": "stamp.done"}
	fmt.Fprintln(c.Stdout, c.words.Text(titles[record.Action], r.Output))
	line := func(name string, args ...any) { fmt.Fprintln(c.Stdout, "  "+c.words.Text(name, args...)) }
	if common.Key != nil {
		line("sign.signer", cms.DisplayName(common.Key.Certificate()))
	}
	if r.Level == "B-T" {
		line("sign.time-stamped", c.words.Time(r.SignedAt))
	} else {
		line("sign.time", c.words.Time(r.SignedAt))
	}
	if p := r.Place; p.Page > 0 && p.W > 0 {
		number := c.words.Number
		line("sign.place", p.Page, number(p.X), number(p.Y), number(p.W), number(p.H))
	} else if common.Key != nil {
		line("sign.invisible")
	}
	if r.Copy != nil {
		line("copy.block", strings.Join(r.Copy.Block.Lines, " / "))
	}
	for _, refused := range r.Overridden {
		line("sign.overridden", c.words.Explain(refused).What, r.OverrideReason)
	}
	for _, n := range r.Notes {
		line("sign.note", c.words.Text(noteTexts[n]))
	}
	if r.StampProblem != nil {
		p := c.words.Explain(r.StampProblem)
		fmt.Fprintf(c.Stderr, "%s:\n", r.Output)
		c.words.Write(c.Stderr, p)
	}
	line("sign.sha256", hex.EncodeToString(r.SHA256[:]))
}

var noteTexts = map[signer.Note]string{
	signer.NotePresetPlace: "note.preset-place", signer.NoteNoSeal: "note.no-seal", signer.NoteNoStamp: "note.no-stamp", signer.NoteStampUntrusted: "note.stamp-untrusted",
	signer.NotePathUnknown: "note.path-unknown", signer.NoteBandSignature: "note.band-signature", signer.NotePDFA: "note.pdfa",
	signer.NoteNoSlots: "note.no-slots", signer.NoteBlockShifted: "note.block-shifted", signer.NoteBlockCovers: "note.block-covers",
	signer.NoteNoTextLayer: "note.no-text-layer",
	signer.NoteRoleUnknown: "note.role-unknown", signer.NotePrinted: "note.printed", signer.NoteNameDiffers: "note.name-differs",
	signer.NoteMarksLeft: "note.marks-left",
}

// made fills the record of a signature.
func (c *command) made(r *signer.Result, common signer.Common, record signRecord) signRecord {
	record.State, record.Source, record.Output = "done", r.Source, r.Output
	record.SHA256, record.Size = hex.EncodeToString(r.SHA256[:]), r.Size
	record.Field, record.Level, record.SignedAt = r.Field, r.Level, timeOf(r.SignedAt)
	if common.Key != nil {
		record.Signer = holderOf(common.Key.Certificate())
	}
	if record.Place = placeOf(r.Place.Page, r.Place.Box); record.Place != nil {
		record.Origin = originNames[r.Origin]
	}
	if p := r.Copy; p != nil {
		record.Copy = &copyRecord{p.Form, p.Agency, p.ByOrderOf, p.Pages, p.Block.Lines, p.Findings, p.Sources[0].SHA256, p.Sources}
	}
	record.Number = cmp.Or(r.Number, record.Number)
	if len(r.Overridden) > 0 {
		record.Passed = &passedRecord{Reason: r.OverrideReason}
		for _, refused := range r.Overridden {
			record.Passed.Codes = append(record.Passed.Codes, words.Code(refused))
		}
	}
	for _, n := range r.Notes {
		record.Notes = append(record.Notes, noteNames[n])
	}
	if r.StampProblem != nil {
		record.NoStamp = recordOf(c.words.Explain(r.StampProblem))
	}
	return record
}
