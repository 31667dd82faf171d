// Draws the first page of a PDF at 50 dpi by the engine that is named, PDFium or
// pdf.js, and writes its pixels as bytes, 0 for black:
// node draw.mjs FOLDER-OF-PACKAGES pdfium|pdfjs FILE
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [, , folder, engine, file] = process.argv
const require = createRequire(folder + '/')
const scale = 50 / 72
const data = fs.readFileSync(file)
let pixels
if (engine === 'pdfium') {
  const { PDFiumLibrary } = require('@hyzyla/pdfium')
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(data)
  pixels = (await document.getPage(0).render({ scale, render: 'bitmap' })).data
} else {
  const { getDocument } = await import(pathToFileURL(require.resolve('pdfjs-dist/legacy/build/pdf.mjs')))
  const document = await getDocument({ data: new Uint8Array(data), verbosity: 0 }).promise
  const page = await document.getPage(1)
  const viewport = page.getViewport({ scale })
  const { canvas, context } = document.canvasFactory.create(Math.round(viewport.width), Math.round(viewport.height))
  await page.render({ canvas, canvasContext: context, viewport }).promise
  pixels = context.getImageData(0, 0, canvas.width, canvas.height).data
}
const grey = Buffer.alloc(pixels.length / 4)
for (let i = 0; i < grey.length; i++) grey[i] = Math.min(pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2])
process.stdout.write(grey)
