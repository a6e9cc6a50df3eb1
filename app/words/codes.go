package words

import (
	"context"
	"io/fs"
	"syscall"

	"antin/assets"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/home"
	"antin/signer/ocr"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/reader"
	"antin/signer/register"
	"antin/signer/render"
	"antin/signer/report"
	"antin/signer/scan"
	"antin/signer/settings"
	"antin/signer/token"
	"antin/signer/trust"
	"antin/signer/verify"
	"antin/signer/worker"
)

// unknown is the code of an error that the table does not have.
const unknown = "KS-799"

// codes gives every sentinel its code. An error often wraps several sentinels,
// the nearer one saying what was being done and the deeper one what came in
// between: the first entry that fits decides, so what is more telling stands
// first.
var codes = []struct {
	err  error
	code string
}{
	// The machine, where it is the cause of something else.
	{syscall.ENOSPC, "KS-613"},

	// Use cases.
	{signer.ErrNoLeaderSignature, "KS-330"},
	{signer.ErrOfficeCertificate, "KS-202"},
	{signer.ErrPersonCertificate, "KS-206"},
	{signer.ErrNoReason, "KS-207"},
	{signer.ErrNoPlace, "KS-301"},
	{signer.ErrNoUrgencySlot, "KS-326"},
	{signer.ErrSymbol, "KS-327"},
	{signer.ErrInk, "KS-328"},
	{signer.ErrUrgency, "KS-329"},
	{signer.ErrBrokenSignature, "KS-331"},
	{signer.ErrAlreadySigned, "KS-332"},
	{signer.ErrSlotFilled, "KS-333"},
	{signer.ErrNoSlots, "KS-334"},
	{signer.ErrNoPicture, "KS-335"},
	{signer.ErrDiameter, "KS-339"},
	{signer.ErrSealNeeded, "KS-359"},
	{signer.ErrNumber, "KS-340"},
	{signer.ErrNotDamaged, "KS-325"},
	{signer.ErrCopySigned, "KS-530"},
	{signer.ErrCopyElectronic, "KS-538"},
	{signer.ErrScanFails, "KS-501"},
	{signer.ErrScanLook, "KS-502"},
	{signer.ErrCopyForm, "KS-534"},
	{signer.ErrCopyPages, "KS-531"},
	{signer.ErrNoAgency, "KS-532"},
	{signer.ErrNoRecord, "KS-533"},
	{signer.ErrUnsigned, "KS-382"},
	{signer.ErrTimestamped, "KS-383"},
	{signer.ErrNotEntered, "KS-384"},
	{signer.ErrMoved, "KS-385"},
	{signer.ErrNoTSA, "KS-408"},
	{signer.ErrNotVerified, "KS-710"},
	{signer.ErrOldSignatureHurt, "KS-711"},
	{signer.ErrExists, "KS-610"},
	{signer.ErrNoFolder, "KS-611"},
	{signer.ErrCannotPut, "KS-612"},

	{signer.ErrSourceChanged, "KS-342"},
	{signer.ErrRowTwice, "KS-343"},
	{signer.ErrNumberTwice, "KS-344"},
	{signer.ErrPaused, "KS-657"},

	// The register.
	{register.ErrNumber, "KS-345"},
	{register.ErrTaken, "KS-346"},
	{register.ErrNotReserved, "KS-347"},
	{register.ErrNoTerm, "KS-348"},
	{register.ErrTerm, "KS-349"},
	{register.ErrRunning, "KS-655"},
	{register.ErrUnfinished, "KS-656"},
	{register.ErrLocked, "KS-650"},
	{register.ErrDamaged, "KS-651"},
	{register.ErrReadOnly, "KS-652"},
	{register.ErrNewer, "KS-653"},
	{register.ErrNoEntry, "KS-654"},

	// Scans: files and scanners.
	{scan.ErrInputFormat, "KS-510"},
	{scan.ErrInputDamaged, "KS-511"},
	{scan.ErrInputTooLarge, "KS-512"},
	{scan.ErrInputKind, "KS-513"},
	{scan.ErrInputSigned, "KS-514"},
	{scan.ErrNoInput, "KS-515"},
	{scan.ErrNoDensity, "KS-516"},
	{scan.ErrNoSuchPage, "KS-517"},
	{scan.ErrNoProgram, "KS-520"},
	{scan.ErrNoScanner, "KS-521"},
	{scan.ErrScannerBusy, "KS-522"},
	{scan.ErrFeederEmpty, "KS-523"},
	{scan.ErrFeederJammed, "KS-524"},
	{scan.ErrCoverOpen, "KS-525"},
	{scan.ErrScannerAccess, "KS-526"},
	{scan.ErrScannerSetting, "KS-527"},
	{scan.ErrScannerFailed, "KS-528"},
	{scan.ErrNoWIA, "KS-529"},

	// Tokens and PINs.
	{token.ErrNoModule, "KS-101"},
	{token.ErrNoToken, "KS-102"},
	{token.ErrCertificateNotFound, "KS-103"},
	{token.ErrAmbiguous, "KS-104"},
	{token.ErrNotModule, "KS-105"},
	{token.ErrWrongArchitecture, "KS-106"},
	{token.ErrNoKey, "KS-107"},
	{token.ErrModuleDisabled, "KS-108"},
	{token.ErrPINWrong, "KS-110"},
	{token.ErrPINFinalTry, "KS-111"},
	{token.ErrPINLocked, "KS-112"},
	{token.ErrPINFormat, "KS-113"},
	{token.ErrPINExpired, "KS-114"},
	{token.ErrPINNotSet, "KS-115"},
	{token.ErrPINRejected, "KS-119"},
	{signer.ErrManyTokens, "KS-129"},
	{reader.ErrUnavailable, "KS-128"},
	{reader.ErrService, "KS-128"},
	{token.ErrCancelled, "KS-116"},
	{token.ErrRemoved, "KS-121"},
	{token.ErrSessionEnded, "KS-122"},
	{token.ErrSessionOpen, "KS-123"},
	{token.ErrBadSignature, "KS-124"},
	{token.ErrUnsupported, "KS-125"},
	{token.ErrNotAttributes, "KS-126"},
	{token.ErrDriver, "KS-120"},

	// The signature to be made.
	{pades.ErrCertified, "KS-320"},
	{pades.ErrLocked, "KS-321"},
	{pades.ErrSeed, "KS-322"},
	{pades.ErrPermission, "KS-317"},
	{pades.ErrDynamicForm, "KS-318"},
	{pades.ErrUsageRights, "KS-319"},
	{pades.ErrField, "KS-303"},
	{pades.ErrValueField, "KS-304"},
	{pades.ErrPlace, "KS-302"},
	{pades.ErrNotFirst, "KS-323"},
	{pades.ErrKeyMismatch, "KS-124"},
	{pades.ErrTooLarge, "KS-712"},

	// Pictures and texts on the page.
	{appearance.ErrPictureFormat, "KS-336"},
	{appearance.ErrPictureTooLarge, "KS-337"},
	{appearance.ErrPictureEmpty, "KS-338"},
	{appearance.ErrMissingGlyph, "KS-306"},
	{appearance.ErrNoRoom, "KS-305"},

	// The document as a file.
	{pdffile.ErrNotPDF, "KS-310"},
	{pdffile.ErrTruncated, "KS-311"},
	{pdffile.ErrDamaged, "KS-312"},
	{pdffile.ErrTrailing, "KS-313"},
	{pdffile.ErrLimit, "KS-314"},
	{pdffile.ErrPassword, "KS-315"},
	{pdffile.ErrEncryption, "KS-316"},
	{pdffile.ErrNoPage, "KS-307"},
	{pdffile.ErrNoField, "KS-308"},
	{pdffile.ErrSigned, "KS-324"},
	{pdffile.ErrNotPDFA, "KS-535"},
	{ocr.ErrMissing, "KS-536"},
	{ocr.ErrFailed, "KS-537"},

	// Certificates and time-stamps.
	{cms.ErrCertificateExpired, "KS-201"},
	{cms.ErrCertificateNotYetValid, "KS-203"},
	{cms.ErrKeyUsage, "KS-204"},
	{cms.ErrKeyType, "KS-205"},
	{cms.ErrTSAUnreachable, "KS-401"},
	{cms.ErrTSATimeout, "KS-402"},
	{cms.ErrTSARejected, "KS-403"},
	{cms.ErrTSAReply, "KS-404"},
	{cms.ErrTSAMismatch, "KS-405"},
	{cms.ErrTSACertificate, "KS-406"},
	{cms.ErrTSAClock, "KS-407"},
	{trust.ErrNoPath, "KS-210"},
	{trust.ErrExpired, "KS-211"},
	{trust.ErrNotYetValid, "KS-212"},
	{trust.ErrConstraints, "KS-213"},
	{trust.ErrNothing, "KS-214"},
	{trust.ErrNoData, "KS-216"},
	{trust.ErrOutdated, "KS-216"},
	{trust.ErrUnusable, "KS-218"},
	{trust.ErrUnknownCertificate, "KS-219"},
	{trust.ErrWeak, "KS-220"},
	{trust.ErrReply, "KS-410"},
	{trust.ErrResponder, "KS-411"},
	{trust.ErrAddress, "KS-412"},
	{trust.ErrUnreachable, "KS-413"},
	{trust.ErrTimeout, "KS-414"},
	{trust.ErrFull, "KS-619"},

	// What is wrong with a signature that is there.
	{cms.ErrDigestMismatch, "KS-350"},
	{cms.ErrSignatureMismatch, "KS-351"},
	{cms.ErrMalformed, "KS-352"},
	{cms.ErrTrailingBytes, "KS-353"},
	{cms.ErrSignerCount, "KS-354"},
	{cms.ErrNoSignerCertificate, "KS-355"},
	{cms.ErrCertificateMismatch, "KS-356"},
	{cms.ErrAttributes, "KS-357"},
	{cms.ErrAlgorithm, "KS-358"},

	// What the verifier says of signatures.
	{verify.ErrByteRange, "KS-370"},
	{verify.ErrRevision, "KS-371"},
	{verify.ErrDictionary, "KS-372"},
	{verify.ErrContents, "KS-373"},
	{verify.ErrNesting, "KS-374"},
	{verify.ErrSubFilter, "KS-375"},
	{verify.ErrContent, "KS-376"},
	{verify.ErrWeak, "KS-377"},
	{verify.ErrTooMany, "KS-378"},
	{verify.ErrNoRevision, "KS-380"},
	{verify.ErrUnreadable, "KS-381"},
	{verify.ErrOrder, "KS-379"},
	{report.ErrEvidenceExists, "KS-632"},
	{report.ErrNotEvidence, "KS-633"},
	{verify.ErrStamp, "KS-379"},
	{verify.ErrRevoked, "KS-215"},
	{verify.ErrRevocation, "KS-216"},
	{verify.ErrPeriod, "KS-217"},

	// Pages as pictures.
	{render.ErrPassword, "KS-315"},
	{render.ErrNotDrawable, "KS-360"},
	{render.ErrPageRange, "KS-307"},
	{render.ErrTooLarge, "KS-361"},

	// The practice office.
	{practice.ErrNoSoftHSM, "KS-616"},

	// What the user has set and said.
	{home.ErrFolder, "KS-630"},
	{home.ErrRoles, "KS-634"},
	{home.ErrFingerprint, "KS-635"},
	{settings.ErrFile, "KS-640"},
	{settings.ErrPassword, "KS-646"},
	{settings.ErrValue, "KS-643"},
	{assets.ErrProfile, "KS-644"},
	{ErrDate, "KS-645"},

	// The program itself and the machine.
	{worker.ErrCrashed, "KS-701"},
	{worker.ErrSilent, "KS-702"},
	{worker.ErrFrame, "KS-703"},
	{worker.ErrClosed, "KS-704"},
	{worker.ErrNested, "KS-705"},
	{context.Canceled, "KS-620"},
	{fs.ErrNotExist, "KS-614"},
	{fs.ErrPermission, "KS-615"},
}
