import { expect, test } from '../support/practice.ts'
import type { Page } from '@playwright/test'

// Kilobytes as they travel, compressed. The same figures stand in the design.
const kilobyte = 1000

async function weigh(page: Page, path: string) {
  const parts: { url: string; type: string; bytes: number }[] = []
  const pending: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    pending.push(
      request.sizes().then(({ responseBodySize }) => {
        parts.push({ url: new URL(request.url()).pathname, type: request.resourceType(), bytes: responseBodySize })
      }),
    )
  })
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await Promise.all(pending)
  const sum = (wanted: (part: (typeof parts)[number]) => boolean) => parts.filter(wanted).reduce((all, part) => all + part.bytes, 0) / kilobyte
  return {
    list: parts.map(({ url, bytes }) => `${url} ${bytes}`).join('\n'),
    html: sum(({ type }) => type === 'document'),
    program: sum(({ url }) => /\.(js|wasm)$/.test(url)),
    wasm: sum(({ url }) => url.endsWith('.wasm')),
    withoutFonts: sum(({ type }) => type !== 'font'),
    all: sum(() => true),
  }
}

for (const path of ['/', '/about', '/faq', '/session-types/discovery-call']) {
  test(`${path} is light`, async ({ page }) => {
    const weight = await weigh(page, path)
    expect(weight.withoutFonts, weight.list).toBeLessThanOrEqual(40)
    expect(weight.all, weight.list).toBeLessThanOrEqual(90)
    expect(weight.wasm, weight.list).toBe(0)
  })
}

test('the booking page is light', async ({ page }) => {
  const weight = await weigh(page, '/book/discovery-call')
  expect(weight.program, weight.list).toBeLessThanOrEqual(100)
  expect(weight.all, weight.list).toBeLessThanOrEqual(180)
  expect(weight.html, weight.list).toBeLessThanOrEqual(15)
})
