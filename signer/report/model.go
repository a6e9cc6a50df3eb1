package report

import (
	"time"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// Schema names the form of the model's JSON; assets/report/schema.json
// describes it. It changes when a reader of the old form would go wrong.
const Schema = "antin/verify-report/1"

// Model is the record of one sitting: what all report writers write.
type Model struct {
	Schema    string     `json:"schema"`
	Program   string     `json:"program,omitempty"` // name and version of the program
	Made      time.Time  `json:"made"`
	Agency    string     `json:"agency,omitempty"`  // cơ quan of the person who checked
	Checker   string     `json:"checker,omitempty"` // name of that person
	Documents []Document `json:"documents"`
}

// Options for New. Everything may be left out.
type Options struct {
	Program, Agency, Checker string
	Made                     time.Time // zero = now
}

// New is the record of these documents.
func New(o Options, documents ...Document) *Model {
	if o.Made.IsZero() {
		o.Made = time.Now()
	}
	if documents == nil {
		documents = []Document{}
	}
	return &Model{
		Schema: Schema, Program: line(o.Program), Made: vietnam(o.Made),
		Agency: line(o.Agency), Checker: line(o.Checker), Documents: documents,
	}
}

// Result is what is said of a document. The order of the constants is that of
// severity.
type Result string

const (
	Valid     Result = "valid"     // Hợp lệ: every question was answered well
	Attention Result = "attention" // Cần xem: a person has to decide
	Undecided Result = "undecided" // Chưa đủ dữ liệu: what is known is not enough
	Invalid   Result = "invalid"   // Không hợp lệ
)

// Question is one of the things that the decree asks, in its order.
type Question string

const (
	Integrity  Question = "integrity"  // toàn vẹn?
	Who        Question = "who"        // chứng thư của ai, cơ quan nào, CA nào?
	Period     Question = "period"     // còn hiệu lực lúc ký?
	Revocation Question = "revocation" // bị thu hồi?
	Stamp      Question = "stamp"      // dấu thời gian?
	Both       Question = "both"       // đủ hai chữ ký?
	Changes    Question = "changes"    // sửa đổi sau khi ký?
	Images     Question = "pictures"   // hình chữ ký, con dấu có đúng chữ ký số?
)

// Questions are all questions in order.
func Questions() []Question {
	return []Question{Integrity, Who, Period, Revocation, Stamp, Both, Changes, Images}
}

// State of an answer.
type State string

const (
	Pass    State = "pass"    // Đạt
	Note    State = "note"    // Lưu ý: to know, no fault
	None    State = "none"    // Không có: nothing to ask about
	Look    State = "look"    // Cần xem
	Unknown State = "unknown" // Chưa đủ dữ liệu
	Fail    State = "fail"    // Không đạt
)

// Document is one checked document.
type Document struct {
	Name    string    `json:"name"`             // of the file, without its folder
	Size    int64     `json:"size"`             // bytes
	SHA256  string    `json:"sha256,omitempty"` // of the judged bytes, 64 lower case hexadecimal digits
	Checked time.Time `json:"checked"`          // control time: the moment for which was judged

	Result     Result      `json:"result"`
	Title      string      `json:"title"` // the result in Vietnamese
	Next       string      `json:"next"`  // what to do
	Reasons    []Reason    `json:"reasons"`
	Answers    []Answer    `json:"answers"` // all eight, in order
	Signatures []Signature `json:"signatures"`
	Pictures   []Picture   `json:"pictures"`

	from Input // for In
}

// Unread tells that the file could not be judged at all: all that is known of it
// is the reason.
func (d Document) Unread() bool {
	for _, a := range d.Answers {
		if a.Question == Both && len(a.Codes) > 0 {
			return a.Codes[0] == "missing"
		}
	}
	return true
}

// Reason is why the document has its result.
type Reason struct {
	Code      string   `json:"code"` // stable name of the finding, such as "integrity.hash"
	Question  Question `json:"question,omitempty"`
	Signature int      `json:"signature,omitempty"` // number of the signature concerned; 0 = the document
	Text      string   `json:"text"`
}

// Answer is what was found about one question.
type Answer struct {
	Question Question `json:"question"`
	Title    string   `json:"title"` // the question in Vietnamese
	State    State    `json:"state"`
	Label    string   `json:"label"` // the state in Vietnamese
	Text     string   `json:"text"`  // the sentence that counts most
	Basis    string   `json:"basis"` // norm and article
	Lines    []string `json:"lines"` // all sentences, by signature
	Codes    []string `json:"codes"` // of the findings, as in Reason, one for each line

	Details []string `json:"details,omitempty"` // technical, in English; to be folded away
}

// Signature is one row of the record.
type Signature struct {
	Number int         `json:"number"` // from 1, in the order made
	Field  string      `json:"field"`
	Kind   verify.Kind `json:"kind"`
	Page   int         `json:"page,omitempty"`
	Place  *Place      `json:"place,omitempty"`

	Holder       string    `json:"holder"` // common name of the certificate, or what the signature calls itself
	Organisation string    `json:"organisation,omitempty"`
	Units        []string  `json:"units,omitempty"`
	Issuer       string    `json:"issuer,omitempty"`
	Serial       string    `json:"serial,omitempty"` // hexadecimal
	Fingerprint  string    `json:"fingerprint,omitempty"`
	From         time.Time `json:"from,omitzero"`
	To           time.Time `json:"to,omitzero"`

	Role    Role   `json:"role"`
	Guessed bool   `json:"guessed,omitempty"` // the role is a guess from the certificate's name
	Label   string `json:"roleLabel"`

	Claimed time.Time `json:"claimed,omitzero"` // by the signer's own clock; never proof
	Proven  time.Time `json:"proven,omitzero"`  // by a time-stamp
	When    string    `json:"when"`             // the signing time in Vietnamese, with its worth

	Level         string               `json:"level,omitempty"` // PAdES baseline
	Indication    verify.Indication    `json:"indication"`
	SubIndication verify.SubIndication `json:"subIndication,omitempty"`
	Problem       string               `json:"problem,omitempty"` // technical, in English
	State         State                `json:"state"`
	Summary       string               `json:"summary"` // the state in Vietnamese

	Reason   string   `json:"reason,omitempty"` // as the signer wrote it
	Location string   `json:"location,omitempty"`
	Changes  []Change `json:"changes,omitempty"`
	Warnings []string `json:"warnings,omitempty"` // technical, in English
}

// Place is a rectangle on a page, mm from its top left corner as seen.
type Place struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// Change is something that a later revision did.
type Change struct {
	Kind      verify.ChangeKind `json:"kind"`
	Revision  int               `json:"revision"`
	Page      int               `json:"page,omitempty"`
	Field     string            `json:"field,omitempty"`
	Forbidden bool              `json:"forbidden"`
	Text      string            `json:"text"` // in Vietnamese
	Detail    string            `json:"detail,omitempty"`
}

func placeOf(b pdffile.Box) *Place {
	if b.W == 0 && b.H == 0 {
		return nil
	}
	return &Place{tenth(b.X), tenth(b.Y), tenth(b.W), tenth(b.H)}
}
