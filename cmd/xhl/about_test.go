package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionComesFromWhatTheToolchainKnows(t *testing.T) {
	const revision = "0123456789abcdef0123456789abcdef01234567"
	for _, tc := range []struct {
		name, main string
		settings   []debug.BuildSetting
		want       string
	}{
		{"outside a checkout", "(devel)", nil, "dev"},
		{"a release", "v1.2.0", []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.time", Value: "2026-11-20T10:00:00Z"}}, "1.2.0 (commit 0123456789ab, 2026-11-20)"},
		{"a release that somebody changed", "v1.2.0+dirty", []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.time", Value: "2026-11-20T10:00:00Z"}, {Key: "vcs.modified", Value: "true"}}, "1.2.0+ (commit 0123456789ab, 2026-11-20)"},
		{"between two releases", "v1.2.1-0.20261120100000-0123456789ab", []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.time", Value: "2026-11-20T10:00:00Z"}}, "dev-0123456789ab (commit 0123456789ab, 2026-11-20)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := provenance{Version: "dev"}
			b.read(&debug.BuildInfo{Main: debug.Module{Version: tc.main}, Settings: tc.settings})
			if got := b.String(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
