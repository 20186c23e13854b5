import { expect, stranger, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { book, chooseTime, dayHere, expectBooked, expectCrisisStrip, fillDetails, next, times } from '../support/booking.ts'
import { become, signInByMail } from '../support/people.ts'
import type { Page } from '@playwright/test'

// A session can be called off once, and a code works for ten minutes of a clock that others push.
test.use({ alone: true })

const part = (page: Page, name: string) => page.getByRole('main').locator('section').filter({ has: page.getByRole('heading', { level: 2, name }) })
const coming = (page: Page) => part(page, 'Coming up')
const earlier = (page: Page) => part(page, 'Over or cancelled')
const step = (page: Page) => page.getByRole('main').locator('[aria-current=step]')
const callOff = (page: Page) => page.getByRole('button', { name: 'Cancel the session' })

test('a client sees where she is, what comes next and her sessions', async ({ page }) => {
  await become(page, 'Mei-Ling')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Good (morning|afternoon|evening), Mei-Ling$/)
  await expect(step(page)).toContainText('Your sessions')
  await expect(page.getByText('You are working together.', { exact: true })).toBeVisible()
  await expect(coming(page).getByRole('listitem').filter({ hasText: 'Individual session' }).first()).toContainText('50 minutes, with Ada Lindqvist, by video')
  await expect(coming(page).getByText('Confirmed').first()).toBeVisible()
  await expect(earlier(page).getByText('Took place').first()).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
})

test('a client calls a session off, and says why', async ({ page, mailbox, clock }) => {
  await become(page, 'Mei-Ling')
  const link = coming(page).getByRole('link', { name: /^Cancel Individual session, Wednesday \d+ \w+, 16:00$/ }).first()
  const ask = (await link.getAttribute('href'))!
  const ahead = await coming(page).getByRole('listitem').count()
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Cancel this session?' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('16:00 to 16:50')
  await expectCrisisStrip(page)
  await expectAccessible(page, 'before a session is called off')
  await expectNoSidewaysScroll(page, 'before a session is called off')

  // There is a way back.
  await page.getByRole('link', { name: 'Keep it' }).click()
  await expect(coming(page).getByText('Confirmed').first()).toBeVisible()

  await link.click()
  await page.getByLabel(/^Why/).fill('I am travelling that week.')
  await callOff(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'The session is cancelled.' })).toBeVisible()
  // Her regular time stays hers: the other weeks are still there.
  await expect(coming(page).getByRole('listitem')).toHaveCount(ahead - 1)
  await expect(earlier(page).getByRole('listitem').filter({ hasText: 'Cancelled' })).toHaveCount(1)
  await expectAccessible(page, 'after a session was called off')

  // Once is enough.
  await page.goto(ask)
  await expect(page.getByText('nothing to cancel here')).toBeVisible()
  await expect(callOff(page)).toHaveCount(0)
  await expectAccessible(page, 'called off already')

  await clock.pastSecondThoughts()
  for (const address of ['mei.ling.chen@example.org', 'ada@lindqvist.example']) {
    const mail = await mailbox.first(address, ({ subject }) => subject.includes('is cancelled'))
    expect(mail.subject).not.toMatch(/therap|counsel|psych|mental|Mei-Ling/i)
  }
})

/** The sessions ahead of whoever is signed in, the next one first. */
async function ahead(page: Page): Promise<{ id: string; startsAt: Date }[]> {
  const { data } = await page.evaluate(async () => {
    const query = '{ viewer { client { bookings { nodes { id startsAt status } } } } }'
    const body = JSON.stringify({ query })
    return (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()
  })
  const all: { id: string; startsAt: string; status: string }[] = data.viewer.client.bookings.nodes
  const confirmed = all.filter(({ status }) => status === 'CONFIRMED').map(({ id, startsAt }) => ({ id, startsAt: new Date(startsAt) }))
  return confirmed.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
}

test('what was just done to a session is taken back by whoever did it, and nobody hears of it', async ({ page, clock, mailbox, watch }) => {
  watch.expect(/422/)
  await become(page, 'Mei-Ling')
  const [session] = (await ahead(page)).slice(-1)
  await page.goto(`/portal/bookings/${session!.id}/cancel`)
  await callOff(page).click()
  const offer = page.getByText(/^Changed your mind\? Until \d\d:\d\d you can bring it back/)
  await expect(offer).toBeVisible()
  await expectAccessible(page, 'just called off')
  await expectNoSidewaysScroll(page, 'just called off')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is as it was.' })).toBeVisible()
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()

  await become(page, 'Ada')
  await page.goto(`/admin/bookings/${session!.id}`)
  await page.getByRole('button', { name: 'Cancel the session' }).click()
  await expect(page.getByText('Cancelled. They are told in a few minutes.')).toBeVisible()
  await expectAccessible(page, 'just called off, for the practice')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByText('It is as it was. Nobody is told.')).toBeVisible()
  await expect(page.getByText('Taken back by the practice')).toBeVisible()

  await clock.pastSecondThoughts()
  await clock.pastSecondThoughts()
  const told = (await mailbox.to('mei.ling.chen@example.org')).filter(({ subject }) => subject.includes('is cancelled'))
  expect(told).toEqual([])

  // Too late is too late, and says so.
  await page.getByRole('button', { name: 'Cancel the session' }).click()
  await clock.pastSecondThoughts()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByText('This cannot be taken back any more').first()).toBeVisible()
})

test('calling off late costs what the page says, once the therapist has charged it', async ({ page, clock }) => {
  test.slow()
  await become(page, 'Mei-Ling')
  const [first, second] = await ahead(page)
  await clock.past(first.startsAt, -6 * 60)
  await become(page, 'Mei-Ling')
  await page.goto(`/portal/bookings/${first.id}/cancel`)
  await expect(page.getByRole('main')).toContainText('The first time in a year is on the house, so it costs you nothing.')
  await callOff(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'The session is cancelled.' })).toBeVisible()

  await clock.past(second.startsAt, -6 * 60)
  await become(page, 'Mei-Ling')
  await page.goto(`/portal/bookings/${second.id}/cancel`)
  await expect(page.getByRole('main')).toContainText(/If you cancel now, .*£\d+/)
  await expectAccessible(page, 'before a session is called off late')
  await expectNoSidewaysScroll(page, 'before a session is called off late')
  await callOff(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'The session is cancelled.' })).toBeVisible()
  await page.goto('/portal/bills')
  await expect(page.getByText('Fee for a late cancellation')).toHaveCount(0)

  await become(page, 'Ada')
  await page.goto(`/admin/bookings/${second.id}`)
  await expectAccessible(page, 'a session called off late')
  await page.getByRole('button', { name: /^Charge £\d+/ }).click()
  await expect(page.getByText(/^You have charged £\d+ for cancelling late/)).toBeVisible()
  await become(page, 'Mei-Ling')
  await page.goto('/portal/bills')
  await expect(page.getByText('Fee for a late cancellation')).toBeVisible()
})

test('a session nobody came to is marked as missed, and its fee let go', async ({ page, clock }) => {
  test.slow()
  await become(page, 'Mei-Ling')
  const [next] = await ahead(page)
  await clock.past(next.startsAt, 20)
  await become(page, 'Ada')
  await page.goto(`/admin/bookings/${next.id}`)
  await page.getByRole('button', { name: 'They did not come' }).click()
  await expect(page.getByText('Nothing is charged unless you do.')).toBeVisible()
  await expectAccessible(page, 'a session that was missed')
  await page.getByLabel('Or let it go, because').fill('They wrote that they were ill')
  await page.getByRole('button', { name: 'Let it go' }).click()
  await expect(page.getByText(/^You let £\d+ go: “They wrote that they were ill”/)).toBeVisible()
  await become(page, 'Mei-Ling')
  await page.goto('/portal/bills')
  await expect(page.getByText('Fee for a missed appointment')).toHaveCount(0)
})

test.describe('far away', () => {
  test.use({ timezoneId: 'America/New_York' })

  test('a client reads both clocks', async ({ page, mailbox }) => {
    test.slow()
    const person = stranger('Wanda Farr')
    const chosen = await chooseTime(page, 1)
    await next(page).click()
    await fillDetails(page, person)
    await book(page).click()
    await expectBooked(page)

    await signInByMail(page, mailbox, person.email)
    await expect(page).toHaveURL(/\/portal$/)
    await expect(page.getByRole('heading', { level: 1, name: /, Wanda$/ })).toBeVisible()
    await expect(step(page)).toContainText('Free call')
    await expect(page.getByText('Your discovery call is booked.', { exact: true })).toBeVisible()
    const call = coming(page).getByRole('listitem')
    await expect(call).toHaveCount(1)
    await expect(call).toContainText(chosen.day)
    await expect(call).toContainText(chosen.at.match(/\d\d:\d\d/)![0])
    await expect(call).toContainText(/New York time\. .*\d\d:\d\d in London, where the practice is\./)
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)

    await call.getByRole('link', { name: /^Cancel Discovery call/ }).click()
    await expect(page.getByRole('main')).toContainText(/New York time\. .*in London/)
    await callOff(page).click()
    await expect(coming(page).getByRole('heading', { name: 'Nothing is booked' })).toBeVisible()
    await expect(earlier(page).getByText('Cancelled', { exact: true })).toBeVisible()
  })
})

test('a package is sold, and a client books with it and sees what is left', async ({ page, another }) => {
  test.slow()
  const desk = await another()
  await become(desk, 'Ada')
  await desk.goto('/admin/clients')
  await desk.getByRole('link', { name: 'Callum Reid' }).click()
  await desk.getByText('Sell a package').click()
  await desk.getByLabel('Package', { exact: true }).selectOption({ index: 0 })
  await desk.getByRole('button', { name: 'Sell it' }).click()
  await expect(desk.getByRole('status').filter({ hasText: 'The package is theirs.' })).toBeVisible()
  await expect(desk.locator('#packages')).toContainText('6 of 6 left')
  await expectAccessible(desk, 'a client with a package')

  await become(page, 'Callum')
  await page.goto('/portal/bills')
  await expect(part(page, 'Your packages')).toContainText('6 of 6 left')
  await expectAccessible(page, 'bills with a package')
  await expectNoSidewaysScroll(page, 'bills with a package')
  // Booking keeps the portal around it: nobody is asked to sign in.
  await chooseTime(page, 3, 'individual-session')
  await expect(page.getByRole('navigation', { name: 'Your pages' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Sign in' })).toHaveCount(0)
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('A last look')
  await next(page).click()
  await expect(page.getByRole('main')).toContainText('One of your package')
  await page.getByRole('button', { name: 'Book the session' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is booked.' })).toBeVisible()
  await page.goto('/portal/bills')
  await expect(part(page, 'Your packages')).toContainText('5 of 6 left')
  await desk.reload()
  await expect(desk.locator('#packages')).toContainText('5 of 6 left')
  await desk.goto('/admin/bookings')
  await expect(desk.getByRole('row').filter({ hasText: 'Callum' }).first()).toContainText('Waits for documents')
})

test('a time beside the one that is kept stays free for whom it is kept', async ({ page }) => {
  test.slow()
  await become(page, 'Callum')
  await page.goto('/book/individual-session')
  await page.waitForLoadState('networkidle')
  const offered = async () => await times(page).locator('input:not(:disabled)').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  // A session of fifty minutes that begins half an hour later overlaps.
  const beside = (start: string) => new Date(Date.parse(start) + 30 * 60_000).toISOString().replace('.000', '')
  let first: string | undefined
  for (let nth = 4; nth < 12 && !first; nth++) {
    await page.goto('/book/individual-session')
    await (await dayHere(page, nth)).click()
    await expect(times(page)).toBeVisible()
    const all = await offered()
    first = all.find((start) => all.includes(beside(start)))
  }
  await page.waitForLoadState('networkidle')
  const choose = (slot: string) => times(page).locator(`input[value="${slot}"]`).check({ force: true })
  const kept = page.getByText(/We keep it for you until \d\d:\d\d\./)
  await choose(first!)
  await expect(kept).toBeVisible()
  await page.waitForLoadState('networkidle')
  await expect(times(page)).not.toContainText('just taken')
  expect(await offered()).toContain(beside(first!))
  await choose(beside(first!))
  await expect(kept).toBeVisible()
  await expect(times(page)).not.toContainText('just taken')
  await next(page).click()
  await expect(page.getByText(/We keep this time for you until/)).toBeVisible()
})

test('a client cannot open the practice’s pages', async ({ page }) => {
  await become(page, 'Callum')
  for (const path of ['/admin', '/admin/week', '/admin/clients', '/admin/hours', '/admin/account']) {
    await page.goto(path)
    await expect(page, path).toHaveURL(/\/portal$/)
  }
})

test('somebody else’s session is not found', async ({ page, another, watch, baseURL }) => {
  watch.expect(/404/)
  const owner = await another()
  await become(owner, 'Callum')
  const path = (await coming(owner).getByRole('link', { name: /^Cancel/ }).first().getAttribute('href'))!

  await become(page, 'Mei-Ling')
  const answer = await page.goto(path)
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await expect(page.getByText('Callum')).toHaveCount(0)
  await expectAccessible(page, 'not found')
  const posted = await page.request.post(path, { form: { reason: '' }, headers: { origin: baseURL! }, maxRedirects: 0 })
  expect(posted.status()).toBe(404)

  await owner.reload()
  await expect(coming(owner).getByText('Confirmed').first()).toBeVisible()
})

const stages: [name: string, now: string, there: RegExp][] = [
  ['Ben', 'Your discovery call is booked.', /There is nothing to prepare/],
  ['Leila', 'Your discovery call is over.', /usually within a few days/],
  ['Maya', 'You and your therapist have decided to work together.', /Book a session/],
  ['Callum', 'A few things are needed before your first session.', /Individual session/],
  ['Henrik', 'You are taking a break.', /without another discovery call/],
  ['Grace', 'Your work together has ended.', /There is nothing you need to do here/],
  ['Lucas', 'Your therapist has suggested other help.', /A letter from Ada/],
  ['Yuki', 'There is no place right now.', /You may also book another call later/],
  ['Amira', 'You have been in touch.', /Book a free call/],
]

test('at every stage a client is told where things stand', async ({ page }) => {
  test.slow()
  for (const [name, now, there] of stages) {
    await become(page, name)
    await expect(page.getByRole('heading', { level: 1, name: new RegExp(`, ${name}$`) })).toBeVisible()
    await expect(page.getByText(now, { exact: true })).toBeVisible()
    await expect(page.getByRole('main')).toContainText(there)
    await expectCrisisStrip(page)
    await expectAccessible(page, `the portal of ${name}`)
    await expectNoSidewaysScroll(page, `the portal of ${name}`)
  }
})

test('the portal can be read in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await become(page, 'Mei-Ling')
  await expectAccessible(page, 'the portal (dark)')
  await page.goto('/portal/account')
  await expectAccessible(page, 'the account (dark)')
})
