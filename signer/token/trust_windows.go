package token

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// onNetwork tells whether path lies on a share or on a drive of another machine.
func onNetwork(path string) bool {
	if strings.HasPrefix(path, `\\`) && !strings.HasPrefix(path, `\\?\`) && !strings.HasPrefix(path, `\\.\`) || strings.HasPrefix(strings.ToUpper(path), `\\?\UNC\`) {
		return true
	}
	path = strings.TrimPrefix(path, `\\?\`)
	if len(path) < 2 || path[1] != ':' {
		return false
	}
	drive, err := windows.UTF16PtrFromString(path[:2] + `\`)
	return err == nil && windows.GetDriveType(drive) == windows.DRIVE_REMOTE
}

// Who administers the machine anyway: [MS-DTYP], 2.4.2.4.
var administrators = []string{
	"S-1-5-18",     // SYSTEM
	"S-1-5-32-544", // Administrators
	"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", // TrustedInstaller
}

// Rights by which a file or folder can be replaced: winnt.h.
const (
	fileWriteData   = 0x2 // in a folder: add a file
	fileAppendData  = 0x4 // in a folder: add a folder
	fileDeleteChild = 0x40

	takeOver = windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_ALL
)

func whoCanChange(path string, nearest bool) []Warning {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return []Warning{{path, ReasonUnreadable, err.Error()}}
	}
	var found []Warning
	if owner, _, err := sd.Owner(); err == nil && owner != nil && !slices.Contains(administrators, owner.String()) {
		reason := ReasonOtherOwner
		if user, err := windows.GetCurrentProcessToken().GetTokenUser(); err == nil && owner.Equals(user.User.Sid) {
			reason = ReasonOwnFile
		}
		found = append(found, Warning{path, reason, account(owner)})
	}
	dacl, _, err := sd.DACL()
	if err != nil || dacl == nil { // no list: everybody may do everything
		return append(found, Warning{path, ReasonWritable, "no access control list"})
	}
	attributes, err := fileAttributes(path)
	if err != nil {
		return append(found, Warning{path, ReasonUnreadable, err.Error()})
	}
	rights := windows.ACCESS_MASK(takeOver)
	switch {
	case attributes&windows.FILE_ATTRIBUTE_DIRECTORY == 0:
		rights |= fileWriteData | fileAppendData | windows.GENERIC_WRITE
	case nearest:
		rights |= fileDeleteChild | fileWriteData | windows.GENERIC_WRITE
	default: // everybody may add folders to C:\, which replaces nothing
		rights |= fileDeleteChild
	}
	for i := range uint32(dacl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, i, &ace); err != nil {
			return append(found, Warning{path, ReasonUnreadable, err.Error()})
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || ace.Mask&rights == 0 {
			continue // denials are passed over: a warning too many is better than one too few
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if !slices.Contains(administrators, sid.String()) {
			found = append(found, Warning{path, ReasonWritable, fmt.Sprintf("%s, rights %#x", account(sid), uint32(ace.Mask))})
		}
	}
	return found
}

func fileAttributes(path string) (uint32, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	return windows.GetFileAttributes(name)
}

func account(sid *windows.SID) string {
	name, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return sid.String()
	}
	return domain + `\` + name
}
