import { expect, test } from '../support/practice.ts'
import { expectAccessible } from '../support/axe.ts'
import { expectCrisisStrip } from '../support/booking.ts'
import type { APIRequestContext, Page } from '@playwright/test'

const pages = ['/', '/about', '/faq', '/contact', '/book/discovery-call', '/sign-in']
// Where somebody acts, and where nobody should land from a search.
const interactive = /^\/(book|sign-in)/

async function sitemap(request: APIRequestContext, baseURL: string) {
  const answer = await request.get('/sitemap.xml')
  expect(answer.status()).toBe(200)
  expect(answer.headers()['content-type']).toMatch(/xml/)
  const places = [...(await answer.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place]) => new URL(place!))
  expect(places.map((place) => place.origin)).toEqual(places.map(() => new URL(baseURL).origin))
  return places.map((place) => place.pathname)
}

async function expectGoodPage(page: Page, path: string) {
  const answer = await page.goto(path)
  expect(answer?.status(), path).toBe(200)
  await expect(page.locator('h1'), `${path} has one h1`).toHaveCount(1)
  expect((await page.locator('h1').innerText()).trim(), `${path} has words in its h1`).not.toBe('')
  expect((await page.title()).length, `title of ${path}`).toBeGreaterThan(4)
  await expect(page.locator('html'), `language of ${path}`).toHaveAttribute('lang', /^[a-z]{2}/)
  await expect(page.locator('main'), `${path} has one main`).toHaveCount(1)
  expect(await page.locator('[id]').evaluateAll(twice), `ids of ${path} are used once`).toEqual([])
}

const twice = (elements: Element[]) => {
  const ids = elements.map((element) => element.id)
  return ids.filter((id, at) => ids.indexOf(id) !== at)
}

for (const path of pages) {
  test(`${path} is a good page`, async ({ page, watch, baseURL }) => {
    await expectGoodPage(page, path)
    if (!path.startsWith('/sign-in')) {
      await expect(page.locator('meta[name=description]')).toHaveAttribute('content', /.{30,}/)
      await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', new URL(path, baseURL).href)
    }
    await expectCrisisStrip(page)
    await expectAccessible(page)
    await page.waitForLoadState('networkidle')
    if (!interactive.test(path)) expect(watch.asked(/\.wasm$/), 'content pages ship no WASM').toEqual([])
  })
}

test('the sitemap knows the content pages, and each of them is good', async ({ page, request, watch, baseURL }) => {
  test.slow()
  const places = await sitemap(request, baseURL!)
  expect(places).toEqual(expect.arrayContaining(['/', '/about', '/faq', '/contact', '/book/discovery-call']))
  expect(places.some((path) => path.startsWith('/session-types/'))).toBe(true)
  expect(places.filter((path) => /^\/(admin|portal|manage|bookings|sandbox|graphql)/.test(path))).toEqual([])
  const titles = new Map<string, string>()
  for (const path of places.slice(0, 60)) {
    const before = watch.asked(/\.wasm$/).length
    await expectGoodPage(page, path)
    await expect(page.locator('meta[name=description]'), path).toHaveAttribute('content', /.{30,}/)
    await expect(page.locator('link[rel=canonical]'), path).toHaveAttribute('href', new URL(path, baseURL).href)
    const title = await page.title()
    expect(titles.get(title), `${path} has a title of its own`).toBeUndefined()
    titles.set(title, path)
    await expectAccessible(page, path)
    if (interactive.test(path)) continue
    await page.waitForLoadState('networkidle')
    expect(watch.asked(/\.wasm$/).length, `${path} ships no WASM`).toBe(before)
  }
})

test('every link on the front page leads somewhere', async ({ page, request }) => {
  await page.goto('/')
  const here = new URL(page.url()).origin
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  const inside = [...new Set(links.filter((link) => link.startsWith(here)).map((link) => link.replace(/#.*/, '')))]
  expect(inside.length).toBeGreaterThan(4)
  for (const link of inside) {
    const answer = await request.get(link, { maxRedirects: link.includes('/go/') ? 0 : 5 })
    expect(answer.status(), link).toBeLessThan(400)
  }
})

test('structured data is valid JSON and says what this is', async ({ page }) => {
  await page.goto('/')
  const blocks = await page.locator('script[type="application/ld+json"]').allTextContents()
  expect(blocks.length).toBeGreaterThan(0)
  expect(JSON.stringify(blocks.map((block) => JSON.parse(block)))).toMatch(/schema\.org/)
})

test('robots.txt names the sitemap and keeps crawlers out of private places', async ({ request, baseURL }) => {
  const answer = await request.get('/robots.txt')
  expect(answer.status()).toBe(200)
  const text = await answer.text()
  expect(text).toContain(`Sitemap: ${new URL('/sitemap.xml', baseURL).href}`)
  for (const place of ['/admin', '/portal', '/manage']) expect(text).toContain(`Disallow: ${place}`)
})

test('a page that is not there says so, kindly', async ({ page, watch }) => {
  watch.expect(/404/)
  const answer = await page.goto('/no-such-page')
  expect(answer?.status()).toBe(404)
  await expect(page.locator('h1')).toHaveCount(1)
  await expect(page.getByRole('main').getByRole('link').first()).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page)
})

test('a search engine is not invited to private pages', async ({ request }) => {
  for (const path of ['/sign-in', '/portal', '/admin']) {
    const answer = await request.get(path)
    const said = `${answer.headers()['x-robots-tag'] ?? ''} ${(await answer.text()).match(/<meta[^>]*name="robots"[^>]*>/)?.[0] ?? ''}`
    expect(said, path).toContain('noindex')
  }
})

test('headers keep the page to itself', async ({ request }) => {
  const headers = (await request.get('/')).headers()
  const policy = headers['content-security-policy'] ?? ''
  for (const rule of ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
    expect.soft(policy).toContain(rule)
  }
  const scripts = policy.split(';').find((rule) => rule.trim().startsWith('script-src')) ?? ''
  expect(scripts).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBeTruthy()
})

test('the first thing Tab finds leads past the navigation', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('Tab')
  const skip = page.locator(':focus')
  await expect(skip).toHaveAttribute('href', /^#/)
  await expect(skip).toBeVisible()
  await page.keyboard.press('Enter')
  const inMain = () => page.evaluate(() => Boolean(document.activeElement?.closest('main')))
  if (!(await inMain())) await page.keyboard.press('Tab')
  expect(await inMain()).toBe(true)
})

test('nothing is cut off or scrolls sideways on a very narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of pages) {
    await page.goto(path)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect.soft(wide, `${path} at 320 pixels`).toBeLessThanOrEqual(320)
  }
})

for (const scheme of ['dark', 'light'] as const) {
  test(`contrast holds in the ${scheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const path of ['/', '/book', '/book/discovery-call', '/faq']) {
      await page.goto(path)
      await expectAccessible(page, `${path} (${scheme})`)
    }
  })
}
