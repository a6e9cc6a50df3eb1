package report

import (
	"crypto/sha256"
	"crypto/x509"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Role tells whose a certificate is (NĐ 30/2020/NĐ-CP, Điều 5: the person with
// authority and the organisation both sign).
type Role string

const (
	Person        Role = "person"       // người có thẩm quyền
	Organisation  Role = "organisation" // cơ quan, tổ chức
	UnknownHolder Role = "unknown"
)

// Roles are the certificates about which the user has said whose they are, by
// the SHA-256 of their DER.
type Roles map[[sha256.Size]byte]Role

// Guess proposes whose a certificate is, from the form of its names. It is for
// asking the user and proves nothing; no other attribute, and above all no
// title, is looked at.
func Guess(cert *x509.Certificate) Role {
	if cert == nil {
		return UnknownHolder
	}
	name := folded(cert.Subject.CommonName)
	if name == "" {
		if len(cert.Subject.Organization) > 0 {
			return Organisation
		}
		return UnknownHolder
	}
	for _, form := range organisationForms {
		if strings.HasPrefix(name+" ", form+" ") {
			return Organisation
		}
	}
	for _, o := range cert.Subject.Organization {
		if folded(o) == name {
			return Organisation
		}
	}
	words := strings.Fields(name)
	if len(words) >= 2 && len(words) <= 6 && !strings.ContainsAny(name, "0123456789-,;:()/&.") {
		return Person
	}
	return UnknownHolder
}

// organisationForms begin the names of offices, as folded. A person's name does
// not begin like this, or hardly ever: it is a guess.
var organisationForms = strings.Split(
	"ủy ban|ubnd|hội đồng nhân dân|hđnd|hội đồng|sở|phòng|trường|văn phòng|bộ|tổng cục|cục|chi cục|vụ|ban quản lý|ban chỉ đạo|ban tổ chức|ban tuyên giáo|ban dân vận|ban nội chính|ban kinh tế|"+
		"trung tâm|bệnh viện|trạm y tế|công an|tòa án|viện|viện kiểm sát|kho bạc|thanh tra|thuế|chi cục thuế|hải quan|bảo hiểm xã hội|"+
		"đảng ủy|huyện ủy|tỉnh ủy|thành ủy|đảng bộ|đoàn thanh niên|liên đoàn|hội|mặt trận|học viện|đại học|công ty|tổng công ty|tập đoàn|ngân hàng|chi nhánh|tổ chức|"+
		"quân khu|bộ chỉ huy|ban chỉ huy|nhà xuất bản|báo|đài|thư viện|bảo tàng|quỹ", "|")

// toneMarks: uỷ and ủy, toà and tòa are the same syllable in old and new style.
var toneMarks = strings.NewReplacer("uỷ", "ủy", "uý", "úy", "uỳ", "ùy", "uỵ", "ụy", "oà", "òa", "oá", "óa", "oạ", "ọa")

func folded(s string) string {
	s = strings.ToLower(norm.NFC.String(s))
	return toneMarks.Replace(strings.Join(strings.Fields(s), " "))
}
