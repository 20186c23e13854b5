import { expect, stranger, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { become, bookedCall } from '../support/people.ts'
import type { Page } from '@playwright/test'

test.use({ alone: true })

// What drives the browser may run nothing in the frame of a mail either, and that is a line in the console.
const noScripts = /Blocked script execution in '[^']*\/sandbox\/mail\/\d+\/html' because the document's frame is sandboxed/

const face = (page: Page, name: string) => page.getByRole('article').getByRole('link', { name, exact: true })
const clockShown = async (page: Page) => await page.getByRole('region', { name: 'Clock' }).locator('output').innerText()

test('the sandbox has people, a mailbox and a clock', async ({ page }) => {
  await page.goto('/sandbox')
  for (const name of ['People', 'Mailbox', 'Clock']) await expect(page.getByRole('region', { name })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('everybody can be anybody', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('complementary', { name: 'Demo' }).getByRole('link', { name: 'Switch person' }).click()
  const people = page.getByRole('region', { name: 'People' })
  const names = await people.getByRole('heading', { level: 3 }).allInnerTexts()
  expect(names).toEqual(expect.arrayContaining(['Ada Lindqvist', 'Samir Haddad', 'Leila Karimi', 'Lucas Ferreira', 'Yuki Tanaka']))
  for (const name of ['Ada Lindqvist', 'Lucas Ferreira', 'Samir Haddad']) {
    await become(page, name.split(' ')[0]!)
    await page.goto(`${new URL(page.url()).pathname}/account`)
    const main = page.getByRole('main')
    // Clients change their name here.
    await expect(main.getByText(name, { exact: true }).or(main.locator(`input[value="${name}"]`))).toBeVisible()
  }
})

test('a mail is shown as it looks, as text, with its calendar file and as it came', async ({ page, request, mailbox, clock, watch }) => {
  test.slow()
  watch.expect(noScripts)
  const person = stranger('Mabel Post')
  await bookedCall(request, person)
  await clock.pastSecondThoughts()
  const mail = await mailbox.first(person.email)
  await page.setContent(mail.html)
  await expectAccessible(page, 'a mail')

  await page.goto('/sandbox#mail')
  await page.getByRole('region', { name: 'Mailbox' }).getByRole('link', { name: new RegExp(person.email.replace(/\./g, '\\.')) }).click()
  await expect(page.getByRole('article').getByRole('heading', { name: mail.subject })).toBeVisible()
  const message = page.frameLocator('iframe[title="The message"]')
  await expect(message.getByRole('heading', { name: 'You have a time' })).toBeVisible()
  await expect(message.getByRole('link', { name: 'See or change it' })).toBeVisible()
  await expectNoSidewaysScroll(page, 'a mail in its frame')
  await page.locator('iframe').evaluate((frame) => frame.remove())
  await expectAccessible(page, 'around a mail')

  await face(page, 'Text').click()
  await expect(page.getByRole('article').locator('pre')).toContainText('You have a time')
  await expectAccessible(page, 'a mail as text')
  await expectNoSidewaysScroll(page, 'a mail as text')
  await face(page, 'Calendar file').click()
  await expect(page.getByRole('article').locator('pre')).toContainText('BEGIN:VCALENDAR')
  await expect(face(page, 'Calendar file')).toHaveAttribute('aria-current', 'true')
  await expectAccessible(page, 'a calendar file')
  await expectNoSidewaysScroll(page, 'a calendar file')
  await face(page, 'Source').click()
  await expect(page.getByRole('article').locator('pre')).toContainText(/^(.*\n)*Subject: /)
  await expect(page.getByRole('article').locator('pre')).toContainText('multipart/')
  await expectAccessible(page, 'the source of a mail')
  await expectNoSidewaysScroll(page, 'the source of a mail')
  expect(watch.asked(/\.(js|wasm)$/), 'nothing is scripted').toEqual([])
})

test('nothing escapes the frame of a mail', async ({ page, request, mailbox, watch, baseURL }) => {
  watch.expect(noScripts)
  await request.post('/sign-in', { form: { email: 'rosa.lind@example.org' }, headers: { origin: baseURL! } })
  const mail = await mailbox.first('rosa.lind@example.org')
  expect(mail.html).not.toMatch(/<script|<form|<img|<iframe|\bon\w+=/i)
  const answer = await request.get(`/sandbox/mail/${mail.id}/html`)
  const policy = answer.headers()['content-security-policy'] ?? ''
  for (const rule of ["default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"]) expect(policy).toContain(rule)
  expect(policy).toMatch(/\bsandbox\b/)
  expect(policy).not.toMatch(/allow-(scripts|same-origin|top-navigation|forms)/)

  await page.goto(`/sandbox?mail=${mail.id}`)
  const frame = page.locator('iframe[title="The message"]')
  await expect(frame).toHaveAttribute('sandbox', /^(?!.*allow-(scripts|same-origin|top-navigation|forms))/)
  // A link in it opens beside the page, never in its place.
  const beside = page.waitForEvent('popup')
  await page.frameLocator('iframe[title="The message"]').getByRole('link', { name: 'Sign in' }).click()
  const popup = await beside
  await expect(popup.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  expect(page.url()).toContain('/sandbox?mail=')
})

test('the clock goes forward, and what falls due happens', async ({ page, request, mailbox }) => {
  const person = stranger('Tick Tocker')
  await bookedCall(request, person)
  await page.goto('/sandbox')
  await expect(page.getByText('The same as the real one.')).toBeVisible()
  await page.getByRole('button', { name: 'An hour on' }).click()
  await expect(page.getByText(/(60|61) minutes ahead of the real one/)).toBeVisible()
  expect((await mailbox.to(person.email)).length, 'it has happened when the page is there').toBe(1)
  const before = await clockShown(page)
  await page.getByRole('button', { name: 'Tomorrow morning' }).click()
  await expect(page.getByRole('region', { name: 'Clock' }).locator('output')).toHaveText(/, 08:0[01]$/)
  expect(await clockShown(page)).not.toBe(before)
  await page.getByRole('button', { name: 'Next week' }).click()
  await expect(page.getByText(/[78] days ahead of the real one/)).toBeVisible()
  await expectAccessible(page)
})

test('what belongs to the demo can be read in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto('/sandbox')
  await expectAccessible(page, 'the sandbox (dark)')
})
