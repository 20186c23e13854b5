import { expect, stranger, test } from '../support/practice.ts'
import { book, chooseTime, expectBooked, expectCrisisStrip, fillDetails, next, times } from '../support/booking.ts'
import { linkIn } from '../support/mailbox.ts'
import { become, code, codeIn, signIn, signInMail } from '../support/people.ts'

// Days pass in it.
test.use({ alone: true, timezoneId: 'America/New_York' })

test('from the first look to working together', async ({ page, another, mailbox, clock }) => {
  test.slow()
  const visitor = stranger('Nell Yorke')
  const rival = stranger('Ray Vallon')

  // She reads about the therapist, and begins.
  await page.goto('/')
  await page.getByRole('link', { name: 'More about Ada' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^About Ada/ })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Ada Lindqvist')
  await page.getByRole('link', { name: 'See free times' }).click()
  await expect(page).toHaveURL(/\/book\/discovery-call/)

  // Times stand in her own zone, and in the practice's beneath. The last start of a day is one
  // therapist's alone.
  const last = times(page).getByRole('radio').last()
  await expect(times(page)).toContainText('New York time')
  const startsAt = (await last.getAttribute('value'))!
  const slot = times(page).locator(`input[value="${startsAt}"]`)

  // Somebody else looks at the same minute in London, and chooses it: it is kept for ten minutes, and then for whoever
  // is quicker.
  const other = await another({ timezoneId: 'Europe/London' })
  await other.goto(page.url())
  const same = times(other).locator(`input[value="${startsAt}"]`)
  await same.check({ force: true })
  await expect(other.getByText(/We keep it for you until \d\d:\d\d\./)).toBeVisible()
  await clock.forward(11)
  await expect(other.getByText(/We keep it for you/)).toHaveCount(0)

  // She takes it.
  await expect(slot).toBeEnabled()
  await page.locator(`label[for="${await slot.getAttribute('id')}"]`).or(slot.locator('xpath=ancestor::label[1]')).first().click()
  await expect(slot).toBeChecked()

  await next(page).click()
  await fillDetails(page, visitor)
  // Whose day it will be in is said before she books.
  const facts = page.getByRole('main').locator('.facts')
  const therapist = /With\s*(Ada|Samir)/.exec(await facts.innerText())![1]!

  // That therapist has the day and the week open.
  const desk = await another({ timezoneId: 'Europe/London' })
  await become(desk, therapist)
  const week = await desk.context().newPage()
  await week.goto(`/admin/week?from=${startsAt.slice(0, 10)}`)
  await expect(desk.getByText(visitor.name)).toHaveCount(0)
  await desk.waitForLoadState('networkidle')
  await week.waitForLoadState('networkidle')

  await book(page).click()
  await expectBooked(page)
  await expect(page.getByText('New York time').first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`You have a time, ${visitor.name}`)

  // It appears by itself.
  await expect(desk.getByRole('link', { name: visitor.name })).toBeVisible()
  await expect(desk.getByText('New', { exact: true }).first()).toBeVisible()
  await expect(week.getByRole('link', { name: new RegExp(`^${visitor.name}, \\d\\d:\\d\\d, Discovery call, 20 minutes, phone$`) })).toBeVisible()

  await test.step('the other visitor is told at once and finds another time', async () => {
    await expect(other.getByRole('alert').filter({ hasText: /Someone took/ })).toBeVisible()
    await expect(same).toBeDisabled()
    await other.getByRole('alert').getByRole('button').first().click()
    await fillDetails(other, rival)
    await book(other).click()
    await expectBooked(other)
  })

  // The mail waits for second thoughts.
  expect(await mailbox.to(visitor.email)).toEqual([])
  await clock.pastSecondThoughts()
  const mail = await mailbox.first(visitor.email)
  expect(mail.subject).not.toMatch(/therap|counsel|psych|mental/i)
  const ics = mail.attachments.find(({ contentType }) => contentType.startsWith('text/calendar'))!.text
  expect(ics).toContain(`DTSTART:${startsAt.slice(0, 19).replace(/[-:]/g, '')}Z`)
  await page.goto(linkIn(mail, '/manage/'))
  await expect(page.getByRole('heading', { level: 1, name: 'Your booking' })).toBeVisible()
  await expectCrisisStrip(page)

  // Without a password she signs in, and finds the call.
  await page.goto(linkIn(mail, '/sign-in'))
  await page.getByLabel('Email').fill(visitor.email)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await code(page).fill(codeIn(await signInMail(mailbox, visitor.email)))
  await signIn(page).click()
  await expect(page.getByText('Your discovery call is booked.', { exact: true })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Discovery call' })).toBeVisible()

  // The call has been.
  await clock.past(new Date(startsAt), 25)
  await desk.getByRole('navigation', { name: 'Practice' }).getByRole('link', { name: 'Today' }).click()
  await desk.getByRole('link', { name: `Decide about ${visitor.name}` }).click()
  await desk.getByRole('radio', { name: /^Work together/ }).check()
  await desk.getByRole('button', { name: 'Decide' }).click()
  await expect(desk.getByRole('status').filter({ hasText: `Paid sessions are open to ${visitor.name}.` })).toBeVisible()

  await expect(page.getByText('You and your therapist have decided to work together.', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Book a session', exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByText('You and your therapist have decided to work together.', { exact: true })).toBeVisible()
})

test('two want the same minute: the second keeps what he typed', async ({ page, another, clock, watch }) => {
  watch.expect(/409/)
  test.slow()
  const quick = stranger('Quinn Early')
  const late = stranger('Lars Behind')
  // Not among the first: those are too soon for anybody once the clock has moved.
  await chooseTime(page, 1)
  const startsAt = await times(page).locator('input:checked').getAttribute('value')
  await next(page).click()
  await fillDetails(page, late)
  const details = page.url()

  // He takes his time: after ten minutes it is whoever is quicker. Two therapists may be free then.
  await clock.forward(11)
  for (let nth = 0; nth < 2; nth++) {
    if ((await page.request.get(details)).status() !== 200) break
    const other = await another()
    await other.goto(details)
    await fillDetails(other, { ...quick, email: `${nth}.${quick.email}` })
    await book(other).click()
    await expectBooked(other)
  }

  await book(page).click()
  const notice = page.getByRole('alert').filter({ hasText: /Someone took .* a moment ago/ })
  await expect(notice).toContainText('What you have typed is still here.')
  await expect(page.getByLabel('What should we call you?')).toHaveValue(late.name)
  await expect(page.getByLabel('Email')).toHaveValue(late.email)
  await expect(page.getByLabel(/^Phone/)).toHaveValue(late.phone)
  const nearest = notice.getByRole('button')
  expect(await nearest.count()).toBeGreaterThan(0)
  for (const button of await nearest.all()) expect(await button.getAttribute('value')).not.toBe(startsAt)
  await nearest.first().click()
  await expectBooked(page)
})
