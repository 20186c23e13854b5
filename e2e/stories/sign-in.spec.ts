import { expect, test } from '../support/practice.ts'
import { shown } from '../support/authenticator.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { expectCrisisStrip } from '../support/booking.ts'
import { askForMail, become, code, codeIn, signIn, signInByMail, signInLink, signInMail } from '../support/people.ts'
import type { Page } from '@playwright/test'

// A code works for ten minutes of a clock that others push.
test.use({ alone: true })

const client = 'mei.ling.chen@example.org'
const therapist = 'ada@lindqvist.example'

const greeting = (page: Page) => page.getByRole('heading', { level: 1, name: /^Good (morning|afternoon|evening), Mei-Ling$/ })

test('a client signs in with six digits and out again', async ({ page, mailbox }) => {
  await page.goto('/portal')
  await expect(page).toHaveURL(/\/sign-in$/)
  await expectCrisisStrip(page)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await page.getByLabel('Email').fill(client)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await expect(page.getByRole('heading', { name: 'Look in your email' })).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page)

  const mail = await signInMail(mailbox, client)
  expect(mail.subject).not.toMatch(/therap|counsel|psych|mental/i)
  await code(page).fill(codeIn(mail))
  await signIn(page).click()
  await expect(page).toHaveURL(/\/portal$/)
  await expect(greeting(page)).toBeVisible()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/:\d+\/$/)
  await page.goto('/portal')
  await expect(page).toHaveURL(/\/sign-in$/)
})

test('a client signs in with the link; looking at it uses nothing up', async ({ page, mailbox, another }) => {
  await askForMail(page, client)
  const link = signInLink(await signInMail(mailbox, client))

  // What looks into mails opens links too, elsewhere and more than once.
  const elsewhere = await another()
  for (const browser of [elsewhere, page, page]) {
    await browser.goto('/')
    await browser.goto(link)
    await expect(browser.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
    expect(browser.url(), 'the secret leaves the address bar').not.toContain('#')
  }
  await expectAccessible(page)

  await signIn(elsewhere).click()
  await expect(elsewhere.getByRole('alert')).toContainText('asked for in another browser')
  await expectAccessible(elsewhere, 'a link in another browser')

  await signIn(page).click()
  await expect(page).toHaveURL(/\/portal$/)
  await expect(greeting(page)).toBeVisible()

  // It has done its work now.
  await page.goto('/')
  await page.goto(link)
  await signIn(page).click()
  await expect(page.getByRole('heading', { name: 'This link has done its work' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Ask for a new link' })).toBeVisible()
  await expectAccessible(page, 'a used link')
})

test('a wrong code is refused kindly, and the right one still works', async ({ page, mailbox }) => {
  await askForMail(page, client)
  const right = codeIn(await signInMail(mailbox, client))
  await code(page).fill(String((Number(right) + 1) % 1_000_000).padStart(6, '0'))
  await signIn(page).click()
  await expect(page.getByRole('alert')).toContainText('That code does not match')
  await expect(code(page)).toHaveAttribute('aria-invalid', 'true')
  await expect(code(page)).toHaveAccessibleDescription(/does not match/)
  await expectCrisisStrip(page)
  await expectAccessible(page, 'a wrong code')

  await code(page).fill(right)
  await signIn(page).click()
  await expect(page).toHaveURL(/\/portal$/)
})

test('nobody is told who has an account', async ({ page, mailbox, another }) => {
  const nobody = 'nobody.at.all@example.org'
  const elsewhere = await another()
  const say = async (who: Page, email: string) => {
    await askForMail(who, email)
    const asked = await who.locator('main').innerText()
    await code(who).fill('000000')
    await signIn(who).click()
    await expect(who.getByRole('alert')).toBeVisible()
    return [asked, await who.locator('main').innerText()]
  }
  expect(await say(page, nobody)).toEqual(await say(elsewhere, client))
  await signInMail(mailbox, client)
  expect(await mailbox.to(nobody)).toEqual([])
})

test('what is no address is named', async ({ page }) => {
  await page.goto('/sign-in')
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', '')))
  await page.getByLabel('Email').fill('mei-ling at home')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByRole('alert').getByRole('link', { name: /Enter an email address/ }).click()
  await expect(page.getByLabel('Email')).toBeFocused()
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true')
  await expectAccessible(page, 'no address')
})

test('a therapist protects her account, and is asked for it elsewhere', async ({ page, mailbox, clock, another }) => {
  test.slow()
  const confirm = (code: string) => page.getByLabel('Six-digit code').fill(code).then(() => page.getByRole('button', { name: 'Confirm' }).click())
  const goOn = (who: Page) => who.getByRole('button', { name: 'Go on' })

  await signInByMail(page, mailbox, therapist)
  await expect(page.getByRole('heading', { name: 'Protect your account' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'QR code with the key' })).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await page.goto('/admin')
  await expect(page.getByRole('heading', { name: 'Protect your account' }), 'nothing opens before').toBeVisible()

  const key = (await page.locator('dt:text-is("Key") + dd').innerText()).trim()
  const right = shown(key, await clock.now())
  await confirm(String((Number(right) + 1) % 1_000_000).padStart(6, '0'))
  await expect(page.getByRole('alert')).toContainText('That code is not right')
  await expectAccessible(page, 'a wrong code while setting up')
  await confirm(shown(key, await clock.now()))

  await expect(page.getByRole('heading', { name: 'Keep these on paper' })).toBeVisible()
  await expectAccessible(page, 'recovery codes')
  await expectNoSidewaysScroll(page, 'recovery codes')
  const codes = await page.getByRole('main').getByRole('list').getByRole('listitem').allInnerTexts()
  expect(codes).toHaveLength(10)
  expect(new Set(codes).size).toBe(10)
  for (const one of codes) expect(one).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/)
  await page.getByRole('link', { name: 'I have written them down' }).click()
  await expect(page).toHaveURL(/\/admin$/)
  await page.goto('/sign-in/set-up')
  await expect(page.getByLabel('Code of your present authenticator')).toBeVisible()
  await expect(page.getByText(codes[0]!), 'they are not shown again').toHaveCount(0)
  await expectAccessible(page, 'another authenticator')

  // Elsewhere with a recovery code.
  const laptop = await another()
  await signInByMail(laptop, mailbox, therapist)
  await expect(laptop.getByRole('heading', { name: 'One more step' })).toBeVisible()
  await expectAccessible(laptop, 'one more step')
  await laptop.goto('/admin')
  await expect(laptop.getByRole('heading', { name: 'One more step' }), 'nothing opens before').toBeVisible()
  await laptop.getByRole('link', { name: 'Use a recovery code' }).click()
  await expectAccessible(laptop, 'recovery')
  await laptop.getByLabel('Recovery code').fill(codes[0]!)
  await goOn(laptop).click()
  await expect(laptop).toHaveURL(/\/admin$/)
  await laptop.goto('/admin/account')
  await expect(laptop.getByRole('main')).toContainText('9 recovery codes are left.')
  await expectAccessible(laptop, 'account with a second factor')

  // Elsewhere again: that recovery code is used up, the authenticator is not.
  const tablet = await another()
  await signInByMail(tablet, mailbox, therapist)
  await tablet.getByRole('link', { name: 'Use a recovery code' }).click()
  await tablet.getByLabel('Recovery code').fill(codes[0]!)
  await goOn(tablet).click()
  await expect(tablet.getByRole('alert')).toContainText('not right, or was used before')
  await expectAccessible(tablet, 'a used recovery code')
  await tablet.goto('/sign-in/second-factor')
  await clock.forward(1)
  await tablet.getByLabel('Six-digit code').fill(shown(key, await clock.now()))
  await goOn(tablet).click()
  await expect(tablet).toHaveURL(/\/admin$/)
})

test('who has the link of another page ends where they belong', async ({ page }) => {
  for (const path of ['/portal', '/portal/account', '/admin', '/admin/week', '/admin/clients', '/admin/hours', '/admin/account']) {
    await page.goto(path)
    await expect(page, path).toHaveURL(/\/sign-in$/)
  }
  await become(page, 'Mei-Ling')
  await page.goto('/sign-in')
  await expect(page).toHaveURL(/\/portal$/)
})

test.describe('on another computer', () => {
  const firefox = { userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0' }

  test('a client signs another browser out', async ({ page, another }) => {
    const other = await another(firefox)
    await become(other, 'Mei-Ling')
    await become(page, 'Mei-Ling')
    await page.getByRole('navigation', { name: 'Your pages' }).getByRole('link', { name: 'Account' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
    await expect(page.getByRole('listitem').filter({ hasText: 'Here now' })).toHaveCount(1)
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)

    await page.getByRole('button', { name: 'Sign out Firefox on Windows' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
    await expect(page.getByText('Firefox on Windows')).toHaveCount(0)
    await other.goto('/portal')
    await expect(other).toHaveURL(/\/sign-in$/)
    await page.goto('/portal')
    await expect(greeting(page)).toBeVisible()
  })

  test('a therapist signs out everywhere else', async ({ page, another }) => {
    const other = await another(firefox)
    await become(other, 'Samir')
    await become(page, 'Samir')
    await page.goto('/admin/account')
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0)
    await other.goto('/admin/week')
    await expect(other).toHaveURL(/\/sign-in$/)
    await page.goto('/admin')
    await expect(page).toHaveURL(/\/admin$/)
  })
})

test.describe('a practice that belongs to nobody yet', () => {
  test.use({ alone: true, command: 'serve' })

  test('is made somebody\'s own with the link on its console', async ({ page, practice, watch }) => {
    watch.expect(/410/)
    const link = /http:\S+\/set-up#\S+/.exec(practice.said())?.[0]
    await page.goto(link!)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page, 'set-up')
    await expectNoSidewaysScroll(page, 'set-up')
    await page.getByLabel('Your name').fill('Ada Okonkwo')
    await page.getByLabel('Email').fill('ada.owner@example.org')
    await page.getByLabel('Name of the practice').fill('Quiet Rooms')
    await page.getByRole('main').getByRole('button').click()
    await expect(page.getByRole('heading', { name: 'Protect your account' })).toBeVisible()
    await expectAccessible(page, 'the first owner')
    // For whoever comes after, there is nothing to set up.
    await page.context().clearCookies()
    expect((await page.goto('/set-up'))?.status()).toBe(410)
    await expectAccessible(page, 'set-up, done')
  })
})
