import { expect, stranger, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { days, times } from '../support/booking.ts'
import { dayOf, type Day } from '../support/calendar.ts'
import { become, bookedCall, signInByMail } from '../support/people.ts'
import type { Page } from '@playwright/test'

// Decisions are taken once, hours are everybody's, and calls have to be over.
test.use({ alone: true })

const menu = (page: Page, name: string) => page.getByRole('navigation', { name: 'Practice' }).getByRole('link', { name, exact: true })
const waiting = (page: Page, name: string) => page.getByRole('link', { name: `Decide about ${name}`, exact: true })
const choice = (page: Page, name: string) => page.getByRole('radio', { name: new RegExp(`^${name}`) })
const decide = (page: Page) => page.getByRole('button', { name: 'Decide' })
const toast = (page: Page, words: string | RegExp) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()
const preview = (page: Page) => page.getByRole('main').locator('summary').filter({ hasText: 'Discovery call:' })

/** The week editor, once it answers by itself. */
async function openHours(page: Page) {
  await page.goto('/admin/hours')
  await expect(page.getByRole('heading', { level: 1, name: 'When you work' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'See what this would change' })).toHaveCount(0)
}

/** The times a visitor is offered on a day. */
async function timesOn(page: Page, day: Day): Promise<string[]> {
  await page.goto(`/book/discovery-call?day=${day.iso}`)
  await expect(times(page)).toHaveAccessibleName(new RegExp(day.words))
  return (await times(page).locator('time').allInnerTexts()).map((text) => text.trim())
}

test('a therapist finds her day, her week and her clients', async ({ page, clock }) => {
  test.slow()
  await become(page, 'Ada')
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('')
  await expect(waiting(page, 'Leila Karimi')).toBeVisible()
  await expectAccessible(page)

  await menu(page, 'Week').click()
  await expect(page).toHaveURL(/\/admin\/week$/)
  await expectAccessible(page)
  const monday = dayOf(await clock.now(), 'Monday', 1)
  await page.getByRole('link', { name: 'Week after' }).click()
  await expect(page).toHaveURL(new RegExp(monday.iso))
  const week = page.getByRole('group', { name: `Week of ${monday.words}` })
  await expect(week.getByRole('link', { name: 'Rosa Lind, 10:00, Individual session, 50 minutes, video' })).toBeVisible()
  await expectAccessible(page, 'next week')
  await page.getByRole('link', { name: 'Week before' }).click()
  await page.getByRole('link', { name: 'This week' }).click()
  await expect(page).toHaveURL(/\/admin\/week$/)

  await menu(page, 'Clients').click()
  await expect(page.getByRole('rowheader', { name: 'Rosa Lind' })).toBeVisible()
  await expect(page.getByText('Hannah and Daniel Weiss'), 'somebody else’s clients').toHaveCount(0)
  await expectAccessible(page)
  await page.getByLabel('Where things stand').selectOption('Decision awaited')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('rowheader', { name: 'Rosa Lind' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Leila Karimi' }).click()

  await expect(page.getByRole('heading', { level: 1, name: 'Leila Karimi' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'leila.karimi@example.org' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Decision awaited')
  await expect(page.getByRole('cell', { name: /Discovery call/ })).toBeVisible()
  await expectAccessible(page, 'a client')
  await expectNoSidewaysScroll(page, 'a client')
})

test('a therapist sees no client of somebody else', async ({ page, another, watch }) => {
  watch.expect(/404/)
  const samir = await another()
  await become(samir, 'Samir')
  await samir.goto('/admin/clients')
  const path = (await samir.getByRole('link', { name: 'Omar Farouk' }).getAttribute('href'))!
  await become(page, 'Ada')
  expect((await page.goto(path))?.status()).toBe(404)
  await expect(page.getByText('Omar')).toHaveCount(0)
})

test('a therapist books for a client, and a clash is refused kindly', async ({ page, clock, watch }) => {
  watch.expect(/422/)
  test.slow()
  await become(page, 'Ada')
  await menu(page, 'Clients').click()
  await page.getByRole('link', { name: 'Thomas Okafor' }).click()
  await page.getByText('Book a session for Thomas').click()
  const form = page.locator('#book')
  // Rosa comes on Mondays at ten.
  const monday = dayOf(await clock.now(), 'Monday', 1)
  await form.getByLabel('Day').fill(monday.iso)
  await form.getByLabel('Time').fill('10:00')
  await expectAccessible(page, 'booking for a client')
  await form.getByRole('button', { name: 'Put it in the calendar' }).click()
  await expect(form.getByRole('alert')).toContainText('Something else is at that time.')
  await expect(form.getByLabel('Time')).toHaveValue('10:00')
  await expect(form.getByLabel('Day')).toHaveValue(monday.iso)
  await expect(form.getByLabel(/^Or let them overlap/)).toBeVisible()
  await expectAccessible(page, 'a clash')
  await expectNoSidewaysScroll(page, 'a clash')
  const free = form.getByText('The nearest free times').locator('xpath=following-sibling::div[1]').getByRole('button')
  const when = (await free.first().innerText()).trim()
  await free.first().click()
  await toast(page, 'It is in the calendar.')
  await expect(page.getByRole('rowheader', { name: when })).toBeVisible()
})

test('a price is agreed with a client and ends again', async ({ page, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await menu(page, 'Clients').click()
  await page.getByRole('link', { name: 'Rosa Lind' }).click()
  await page.getByText('Agree a price').click()
  await page.getByLabel('Price of one session').fill('a bit less')
  await page.getByRole('button', { name: 'Agree this price' }).click()
  await expect(page.getByRole('alert')).toContainText('Type an amount like 60 or 60.50.')
  await page.getByLabel('Price of one session').fill('60')
  await page.getByRole('button', { name: 'Agree this price' }).click()
  await toast(page, 'The price is agreed.')
  const prices = page.locator('#prices')
  await expect(prices).toContainText('£60 · Every session')
  await expectAccessible(page, 'a price that is agreed')
  await prices.getByRole('button', { name: /^End the price of £60/ }).click()
  await expect(prices).toContainText('They pay by the list.')
  await expect(page.locator('#account')).toContainText('Paid sessions so far')
})

test('work together: the portal opens', async ({ page, another, mailbox, clock }) => {
  const client = await another()
  await become(client, 'Leila')
  await expect(client.getByText('Your discovery call is over.', { exact: true })).toBeVisible()

  await become(page, 'Ada')
  await waiting(page, 'Leila Karimi').click()
  await choice(page, 'Work together').check()
  await decide(page).click()
  await toast(page, 'Paid sessions are open to Leila Karimi.')
  await expect(decide(page)).toHaveCount(0)
  await expectAccessible(page, 'after a decision')
  await page.goto('/admin')
  await expect(waiting(page, 'Leila Karimi')).toHaveCount(0)

  // Nobody reloads.
  await expect(client.getByText('You and your therapist have decided to work together.', { exact: true })).toBeVisible()
  await expect(client.getByRole('link', { name: 'Book a session', exact: true })).toBeVisible()

  await clock.pastSecondThoughts()
  const mail = await mailbox.first('leila.karimi@example.org')
  expect(`${mail.subject} ${mail.text}`).not.toMatch(/therap|counsel|psych|session|work together|Leila/i)
})

test('not the right fit: a letter waits in the portal', async ({ page, another, request, mailbox, clock, watch }) => {
  watch.expect(/422/)
  test.slow()
  const person = stranger('Robin Fitter')
  await clock.past(await bookedCall(request, person), 5)

  await become(page, 'Ada')
  await waiting(page, person.name).click()
  await choice(page, 'Not the right fit').check()
  await page.getByRole('textbox', { name: 'Your letter' }).fill(' ')
  await decide(page).click()
  await expect(page.getByRole('alert')).toContainText('a few kind words')
  await expect(page.getByRole('textbox', { name: 'Your letter' })).toHaveAttribute('aria-invalid', 'true')
  await expect(choice(page, 'Not the right fit')).toBeChecked()
  await expectAccessible(page, 'a decision with a mistake')

  await page.getByRole('textbox', { name: 'Your letter' }).fill('Thank you, Robin.\n\nDr Hartley in Leeds works with what you told me.')
  await decide(page).click()
  await toast(page, `Your letter waits for ${person.name}.`)
  await expect(page.getByRole('main')).toContainText('The letter you left')
  await expectAccessible(page, 'after a decision')

  await clock.pastSecondThoughts()
  const mail = await mailbox.first(person.email, ({ subject }) => subject === 'There is news for you')
  expect(mail.text, 'the letter stays in the portal').not.toContain('Hartley')
  const client = await another()
  await signInByMail(client, mailbox, person.email)
  await expect(client.getByText('Your therapist has suggested other help.', { exact: true })).toBeVisible()
  await expect(client.getByRole('heading', { name: 'A letter from Ada' })).toBeVisible()
  await expect(client.getByText('Dr Hartley in Leeds works with what you told me.')).toBeVisible()
  await expectAccessible(client, 'a letter')
  await expectNoSidewaysScroll(client, 'a letter')
})

test('later: the client may book another call', async ({ page, another, request, mailbox, clock }) => {
  test.slow()
  const person = stranger('Petra Laterre')
  await clock.past(await bookedCall(request, person), 5)

  await become(page, 'Ada')
  await waiting(page, person.name).click()
  await choice(page, 'Later').check()
  await decide(page).click()
  await toast(page, `${person.name} is on the list for later.`)

  const client = await another()
  await signInByMail(client, mailbox, person.email)
  await expect(client.getByText('Your discovery call is over.', { exact: true }), 'it can still be taken back').toBeVisible()
  await clock.pastSecondThoughts()
  // Nobody reloads.
  await expect(client.getByText('There is no place right now.', { exact: true })).toBeVisible()
  await expectAccessible(client, 'the portal, later')
  await client.getByRole('link', { name: 'Book a free call' }).click()
  await expect(days(client).first()).toBeVisible()
})

test('a decision waits until the call has begun, and the page says when it opens', async ({ page, request, clock }) => {
  const person = stranger('Wilma Warter')
  const end = await bookedCall(request, person, 'Ada Lindqvist', 2)
  await become(page, 'Ada')
  await menu(page, 'Clients').click()
  await page.getByRole('link', { name: person.name }).click()
  await expect(page.getByRole('heading', { name: 'What next for Wilma?' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('You can decide once the call has begun')
  await expect(decide(page)).toHaveCount(0)
  await expectAccessible(page, 'a call that has not begun')
  await clock.past(end, -5)
  await page.reload()
  await expect(decide(page)).toBeVisible()
})

test('without a choice nothing is decided', async ({ page, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await waiting(page, 'Leila Karimi').click()
  await page.locator('form.decision').evaluate((form) => form.setAttribute('novalidate', ''))
  await decide(page).click()
  await page.getByRole('alert').getByRole('link', { name: 'Choose what happens next.' }).click()
  await expect(choice(page, 'Work together')).toBeFocused()
  await expectAccessible(page, 'no choice')
})

test('hours show at once what they would change, and are saved', async ({ page, another, clock, watch }) => {
  test.slow()
  const monday = dayOf(await clock.now(), 'Monday', 2)
  const visitor = await another()
  expect(await timesOn(visitor, monday)).toContain('09:00')

  await become(page, 'Ada')
  await openHours(page)
  await expectAccessible(page)
  await expect(preview(page)).toHaveText(/^Discovery call: \d+ free starts$/)
  const asked = watch.requests.length
  await page.getByLabel('Monday, from').first().fill('10:00')
  await expect(preview(page)).toHaveText(/^Discovery call: \d+ free starts, \d+ fewer$/)
  await expect(page.locator('details[open] del').first()).toBeVisible()
  await page.getByRole('button', { name: 'Add hours on Saturday' }).click()
  await page.getByLabel('Saturday, from').fill('10:00')
  await page.getByLabel('Saturday, until').fill('09:00')
  await expect(page.getByText('The end must be after the beginning.')).toBeVisible()
  await expectAccessible(page, 'hours with a mistake')
  await page.getByLabel('Saturday, until').fill('12:00')
  await expect(page.getByText('The end must be after the beginning.')).toHaveCount(0)
  await expect(preview(page)).toHaveText(/, \d+ new, \d+ gone$/)
  await expect(page.locator('details[open] ins').first()).toBeVisible()
  await expectAccessible(page, 'hours, changed')
  expect(watch.requests.slice(asked), 'the preview needs no server').toEqual([])

  await page.getByRole('button', { name: 'Remove these hours on Saturday' }).click()
  await expect(preview(page)).toHaveText(/ fewer$/)
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Your hours are saved.')
  await expect(page.getByLabel('Monday, from').first()).toHaveValue('10:00')
  await expectAccessible(page, 'hours, saved')

  expect(await timesOn(visitor, monday)).not.toContain('09:00')
})

test('time off takes a day out of the picker, and gives it back', async ({ page, another, clock }) => {
  test.slow()
  // On Fridays nobody else works.
  const friday = dayOf(await clock.now(), 'Friday', 2)
  const visitor = await another()
  const offered = async () => {
    await visitor.goto(`/book/discovery-call?day=${friday.iso}`)
    await expect(visitor.getByRole('grid')).toBeVisible()
    return await days(visitor).and(visitor.locator(`[aria-label^="${friday.words},"]`)).count()
  }
  expect(await offered()).toBe(1)

  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await page.getByLabel('First day').fill(friday.iso)
  await page.getByLabel('Last day').fill(friday.iso)
  await expect(page.locator('#time-off')).toContainText('No session is booked then.')
  await expect(page.locator('#time-off del').first(), 'what it would close').toBeVisible()
  await expectAccessible(page, 'time off that is typed')
  await page.getByLabel('A word for yourself').fill('Dentist')
  await page.getByRole('button', { name: 'Add time off' }).click()
  await toast(page, 'Time off is added.')
  const row = page.locator('#time-off').getByRole('listitem').filter({ hasText: 'Dentist' })
  await expect(row).toBeVisible()
  await expectAccessible(page, 'time off')
  expect(await offered()).toBe(0)
  await page.goto(`/admin/week?from=${friday.iso}`)
  await expect(page.getByRole('link', { name: /^Dentist, from 00:00 until the end of the day$/ })).toBeVisible()
  await expectAccessible(page, 'a week with time off')

  await page.goto('/admin/hours')
  await row.getByRole('button', { name: /^Remove / }).click()
  await toast(page, 'Time off is removed.')
  await expect(row).toHaveCount(0)
  expect(await offered()).toBe(1)
})

test('time off that ends before it begins is named', async ({ page, clock, watch }) => {
  watch.expect(/422/)
  const now = await clock.now()
  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await page.getByLabel('First day').fill(dayOf(now, 'Friday', 2).iso)
  await page.getByLabel('Last day').fill(dayOf(now, 'Thursday', 2).iso)
  await page.getByRole('button', { name: 'Add time off' }).click()
  await page.getByRole('alert').getByRole('link').first().click()
  await expect(page.locator('#time-off [aria-invalid=true]')).toBeFocused()
  await expect(page.getByLabel('First day')).toHaveValue(dayOf(now, 'Friday', 2).iso)
  await expectAccessible(page, 'time off with a mistake')
})

test('one day can differ from the week', async ({ page, another, clock }) => {
  const friday = dayOf(await clock.now(), 'Friday', 2)
  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await page.getByLabel('Day', { exact: true }).fill(friday.iso)
  await page.getByLabel('From', { exact: true }).fill('15:00')
  await page.getByLabel('Until', { exact: true }).fill('16:00')
  await page.getByRole('button', { name: 'Set this day' }).click()
  await toast(page, 'That day has hours of its own now.')
  await expectAccessible(page, 'a day that differs')
  const visitor = await another()
  expect(await timesOn(visitor, friday)).toEqual(['15:00', '15:30'])
  await page.getByRole('button', { name: new RegExp(`^Give ${friday.words}.* its usual hours$`) }).click()
  await toast(page, 'That day has its usual hours again.')
  expect(await timesOn(visitor, friday)).toContain('09:00')
})

test('nothing of the practice’s pages is cut off or scrolls sideways', async ({ page }) => {
  await become(page, 'Ada')
  for (const path of ['/admin', '/admin/week', '/admin/clients', '/admin/hours', '/admin/account']) {
    await page.goto(path)
    await expectNoSidewaysScroll(page)
  }
})

test('the practice’s pages can be read in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await become(page, 'Ada')
  for (const path of ['/admin', '/admin/week', '/admin/clients', '/admin/hours', '/admin/account']) {
    await page.goto(path)
    await expectAccessible(page, `${path} (dark)`)
  }
})
