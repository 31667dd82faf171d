#include "textflag.h"

// The methods are those of W. Muła and D. Lemire, "Faster Base64 Encoding and
// Decoding Using AVX2 Instructions" (2018): multiplications move the groups of
// six bits to bytes of their own, and tables of sixteen entries that a shuffle
// looks up tell what to add to a value, and whether a character is one.
//
// Operands stand in the order of Go's assembler: the destination is last.

// Encoding. Each half of a register holds twelve bytes, b c d of which go to
// c b d c, so that every two bytes hold two of the four values.
DATA spread<>+0(SB)/8, $0x0405030401020001
DATA spread<>+8(SB)/8, $0x0a0b090a07080607
GLOBL spread<>(SB), RODATA|NOPTR, $16

// The first and third value, and how far to the right they go.
DATA evens<>+0(SB)/4, $0x0fc0fc00
GLOBL evens<>(SB), RODATA|NOPTR, $4
DATA evensBy<>+0(SB)/4, $0x04000040
GLOBL evensBy<>(SB), RODATA|NOPTR, $4

// The second and fourth value, and how far to the left they go.
DATA odds<>+0(SB)/4, $0x003f03f0
GLOBL odds<>(SB), RODATA|NOPTR, $4
DATA oddsBy<>+0(SB)/4, $0x01000010
GLOBL oddsBy<>(SB), RODATA|NOPTR, $4

DATA last<>+0(SB)/1, $51
GLOBL last<>(SB), RODATA|NOPTR, $1
DATA capitals<>+0(SB)/1, $25
GLOBL capitals<>(SB), RODATA|NOPTR, $1

// What to add to a value: 65 to a capital, 71 to a small letter, -4 to each of
// ten digits, -19 to the plus sign, -16 to the stroke.
DATA toChar<>+0(SB)/8, $0xfcfcfcfcfcfc4741
DATA toChar<>+8(SB)/8, $0x0000f0edfcfcfcfc
GLOBL toChar<>(SB), RODATA|NOPTR, $16

// func encodeAVX2(dst, src []byte) (done int)
TEXT ·encodeAVX2(SB), NOSPLIT, $0-56
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), BX
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), CX
	XORQ AX, AX
	VBROADCASTI128 spread<>(SB), Y8
	VPBROADCASTD evens<>(SB), Y9
	VPBROADCASTD evensBy<>(SB), Y10
	VPBROADCASTD odds<>(SB), Y11
	VPBROADCASTD oddsBy<>(SB), Y12
	VPBROADCASTB last<>(SB), Y13
	VPBROADCASTB capitals<>(SB), Y14
	VBROADCASTI128 toChar<>(SB), Y15

encode:
	CMPQ CX, $28
	JLT  encoded
	CMPQ BX, $32
	JLT  encoded
	VMOVDQU (SI), X0
	VINSERTI128 $1, 12(SI), Y0, Y0
	VPSHUFB Y8, Y0, Y0
	VPAND Y9, Y0, Y1
	VPMULHUW Y10, Y1, Y1
	VPAND Y11, Y0, Y2
	VPMULLW Y12, Y2, Y2
	VPOR Y1, Y2, Y0

	VPSUBUSB Y13, Y0, Y1  // 0 for letters, 1 to 12 for the rest
	VPCMPGTB Y14, Y0, Y2  // -1 but for capitals
	VPSUBB Y2, Y1, Y1     // the place in toChar
	VPSHUFB Y1, Y15, Y1
	VPADDB Y1, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ $24, SI
	ADDQ $32, DI
	SUBQ $24, CX
	SUBQ $32, BX
	ADDQ $24, AX
	JMP  encode

encoded:
	VZEROUPPER
	MOVQ AX, done+48(FP)
	RET

// Decoding. A character is one of the alphabet when its two halves, each looked
// up in its table, have no bit in common.
DATA stroke<>+0(SB)/1, $0x2f
GLOBL stroke<>(SB), RODATA|NOPTR, $1

DATA lower<>+0(SB)/8, $0x1111111111111115
DATA lower<>+8(SB)/8, $0x1a1b1b1b1a131111
GLOBL lower<>(SB), RODATA|NOPTR, $16

DATA upper<>+0(SB)/8, $0x0804080402011010
DATA upper<>+8(SB)/8, $0x1010101010101010
GLOBL upper<>(SB), RODATA|NOPTR, $16

// What to add to a character, by its upper half: nothing, 16 to the stroke, 19
// to the plus sign, 4 to digits, -65 to capitals, -71 to small letters.
DATA toValue<>+0(SB)/8, $0xb9b9bfbf04131000
DATA toValue<>+8(SB)/8, $0x0000000000000000
GLOBL toValue<>(SB), RODATA|NOPTR, $16

// Two values to twelve bits, two of those to twenty-four, and the bytes of
// these to the front.
DATA twelve<>+0(SB)/4, $0x01400140
GLOBL twelve<>(SB), RODATA|NOPTR, $4
DATA twentyFour<>+0(SB)/4, $0x00011000
GLOBL twentyFour<>(SB), RODATA|NOPTR, $4
DATA gather<>+0(SB)/8, $0x090a040506000102
DATA gather<>+8(SB)/8, $0xffffffff0c0d0e08
GLOBL gather<>(SB), RODATA|NOPTR, $16
DATA halves<>+0(SB)/8, $0x0000000100000000
DATA halves<>+8(SB)/8, $0x0000000400000002
DATA halves<>+16(SB)/8, $0x0000000600000005
DATA halves<>+24(SB)/8, $0x0000000700000003
GLOBL halves<>(SB), RODATA|NOPTR, $32

// func decodeAVX2(dst, src []byte) (done int)
TEXT ·decodeAVX2(SB), NOSPLIT, $0-56
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), BX
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), CX
	XORQ AX, AX
	VPBROADCASTB stroke<>(SB), Y8
	VBROADCASTI128 upper<>(SB), Y9
	VBROADCASTI128 lower<>(SB), Y10
	VBROADCASTI128 toValue<>(SB), Y11
	VPBROADCASTD twelve<>(SB), Y12
	VPBROADCASTD twentyFour<>(SB), Y13
	VBROADCASTI128 gather<>(SB), Y14
	VMOVDQU halves<>(SB), Y15

decode:
	CMPQ CX, $32
	JLT  decoded
	CMPQ BX, $32
	JLT  decoded
	VMOVDQU (SI), Y0
	VPSRLD $4, Y0, Y1
	VPAND Y8, Y1, Y1
	VPAND Y8, Y0, Y2
	VPSHUFB Y1, Y9, Y3
	VPSHUFB Y2, Y10, Y2
	VPTEST Y3, Y2
	JNZ  decoded

	VPCMPEQB Y8, Y0, Y2
	VPADDB Y1, Y2, Y2
	VPSHUFB Y2, Y11, Y2
	VPADDB Y2, Y0, Y0
	VPMADDUBSW Y12, Y0, Y0
	VPMADDWD Y13, Y0, Y0
	VPSHUFB Y14, Y0, Y0
	VPERMD Y0, Y15, Y0
	VMOVDQU Y0, (DI)
	ADDQ $32, SI
	ADDQ $24, DI
	SUBQ $32, CX
	SUBQ $24, BX
	ADDQ $32, AX
	JMP  decode

decoded:
	VZEROUPPER
	MOVQ AX, done+48(FP)
	RET

// func runAVX2(src []byte) int
TEXT ·runAVX2(SB), NOSPLIT, $0-32
	MOVQ src_base+0(FP), SI
	MOVQ src_len+8(FP), CX
	XORQ AX, AX
	VPBROADCASTB stroke<>(SB), Y8
	VBROADCASTI128 upper<>(SB), Y9
	VBROADCASTI128 lower<>(SB), Y10

run:
	CMPQ CX, $32
	JLT  ran
	VMOVDQU (SI)(AX*1), Y0
	VPSRLD $4, Y0, Y1
	VPAND Y8, Y1, Y1
	VPAND Y8, Y0, Y2
	VPSHUFB Y1, Y9, Y1
	VPSHUFB Y2, Y10, Y2
	VPTEST Y1, Y2
	JNZ  ran
	ADDQ $32, AX
	SUBQ $32, CX
	JMP  run

ran:
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET
