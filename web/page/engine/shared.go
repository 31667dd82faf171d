package engine

import (
	"paye/app/build"
	"paye/compress"
	"paye/internal/share"
	xhlcheck "paye/xhl/check"
)

// Shared is what the engine of another worker does of the work of this one.
var Shared = share.Kinds{xhlcheck.Windows: xhlcheck.Assist, compress.Blocks: compress.Assist, build.Justificatifs: build.Assist, build.Volumes: build.AssistVolume}
