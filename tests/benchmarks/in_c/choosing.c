/* Which room is entered: `behaviour/choosing.py`, wave 0, which no friends' links bring. */
#include "luck.h"

static void appraise_rooms(const World *world, const Shard *shard, int64_t first, int64_t last)
{
    const Wave *wave = &shard->wave;
    const ViewerColumns *viewers = &world->viewers;
    const StoreColumns *stores = &world->stores;
    const ChoiceNumbers *choice = &world->rules.choice;
    double *restrict attraction = shard->scratch.attraction, arcs = (double)world->arcs;
    int64_t *restrict counts = shard->ledger.stores, *restrict by_surface = shard->ledger.surfaces;
    int64_t width = shard->ledger.stores_width, entry = 0;
    for (int64_t row = first; row < last; row++) {
        int64_t viewer = wave->viewer[row], surface = wave->surface[row], options = wave->options[row];
        const int32_t *restrict rooms = wave->room + row * wave->room_width;
        const float *restrict appeal = wave->appeal + row * wave->appeal_width;
        const float *restrict interest = viewers->interest + viewer * viewers->interest_width;
        float taste = viewers->taste[viewer], crowd = viewers->crowd[viewer];
        int strong = 0;
        for (int64_t option = 0; option < options; option++) {
            int64_t store = rooms[option];
            counts[store * width + REACH]++;
            double apart = fabsf(taste - stores->style[store]);
            apart = smaller(smaller(apart, arcs - apart), 0.5);
            double fit = interest[stores->category[store]] * (1.0 - choice->taste_weight * 2.0 * apart);
            strong |= fit >= choice->strong_fit;
            attraction[entry + option] = choice->enter_bias + choice->fit_weight * fit +
                choice->trust_weight * 0.0 + choice->crowd_weight * crowd * stores->crowd_cue[store] +
                appeal[option];
        }
        entry += options;
        if (strong)
            viewers->offered_fit[viewer] = (int16_t)world->day;
        by_surface[surface * shard->ledger.surfaces_width + REACH] += options > 0;
        if (world->surfaces.by_ads[surface])
            for (int64_t option = 0; option < options; option++)
                counts[rooms[option] * width + ADS]++;
    }
    for (int64_t position = 0; position < entry; position++)
        attraction[position] = exponential(smaller(attraction[position], HIGHEST_UTILITY));
}

ALWAYS double room_fit(const World *world, int64_t viewer, int64_t store)
{
    const ViewerColumns *viewers = &world->viewers;
    double apart = fabsf(viewers->taste[viewer] - world->stores.style[store]);
    apart = smaller(smaller(apart, (double)world->arcs - apart), 0.5);
    float interest = viewers->interest[viewer * viewers->interest_width + world->stores.category[store]];
    return interest * (1.0 - world->rules.choice.taste_weight * 2.0 * apart);
}

ALWAYS int64_t find_tie(const Ties *ties, int64_t viewer, int32_t store)
{
    const int32_t *restrict stores = ties->store + viewer * ties->store_width;
    int64_t last = -1;
    for (int64_t slot = 0; slot < ties->store_width; slot++)
        last = stores[slot] == store ? slot : last;
    return last;
}

ALWAYS float current_trust(const World *world, int64_t tie)
{
    return world->ties.trust[tie] * world->fading[world->day - world->ties.touched[tie]];
}

ALWAYS int64_t pick(double luck, const double *attraction, int64_t options)
{
    double total = 1.0;
    for (int64_t option = 0; option < options; option++)
        total += attraction[option];
    double target = luck * total - 1.0;
    if (target < 0.0)
        return -1;
    for (int64_t option = 0; option < options; option++) {
        target -= attraction[option];
        if (target < 0.0)
            return option;
    }
    return options - 1;
}

static void end_subscription(const World *world, const Ledger *ledger, int64_t viewer, int64_t tie)
{
    const Ties *ties = &world->ties;
    int64_t store = ties->store[tie], since = ties->since[tie];
    int64_t *counts = ledger->stores + store * ledger->stores_width;
    counts[MEMBERS_LOST] += (ties->flags[tie] & MEMBER) != 0;
    ties->flags[tie] &= (uint8_t)~(SUBSCRIBED | FOLLOWER | MEMBER | REFERRED);
    world->viewers.fan_ties[viewer]--;
    counts[LOST]++;
    int64_t age = since >= 0 ? world->day - since : ledger->lost_at_age_rows - 1;
    if (world->stores.status[store] == CLOSED || world->stores.status[store] == ABSENT) {
        ledger->totals[LOST_TO_CLOSING]++;
        ledger->closed_at_age[age]++;
    } else {
        ledger->lost_at_age[age]++;
    }
}

static int64_t slot_to_fill(const Ties *ties, int64_t viewer, int64_t day)
{
    int64_t oldest = -1, oldest_visit = day, weakest = -1, base = viewer * ties->store_width;
    double weakest_trust = 2.0;
    for (int64_t slot = 0; slot < ties->store_width; slot++) {
        int64_t tie = base + slot, last = ties->last_visit[tie];
        if (ties->store[tie] == EMPTY)
            return slot;
        if (last == day)
            continue;
        if (ties->flags[tie] & SUBSCRIBED) {
            if (ties->trust[tie] < weakest_trust)
                weakest = slot, weakest_trust = ties->trust[tie];
        } else if (last < oldest_visit) {
            oldest = slot, oldest_visit = last;
        }
    }
    return oldest >= 0 ? oldest : weakest;
}

static int64_t new_tie(const World *world, const Ledger *ledger, int64_t viewer, int32_t store)
{
    const Ties *ties = &world->ties;
    int64_t slot = slot_to_fill(ties, viewer, world->day), tie = viewer * ties->store_width + slot;
    if (ties->store[tie] != EMPTY && ties->flags[tie] & SUBSCRIBED)
        end_subscription(world, ledger, viewer, tie);
    ties->store[tie] = store;
    ties->trust[tie] = 0.0f;
    ties->touched[tie] = (int16_t)world->day;
    ties->last_visit[tie] = ties->last_purchase[tie] = ties->since[tie] = NEVER;
    ties->purchases[tie] = 0;
    ties->flags[tie] = ties->group[tie] = 0;
    return slot;
}

static void count_return(const World *world, const Ledger *ledger, int64_t tie)
{
    int64_t last = world->ties.last_visit[tie], since = world->ties.since[tie], day = world->day;
    if (last >= 0) {
        ledger->back_7[last] += day - last <= 7;
        ledger->back_30[last] += day - last <= 30;
    }
    if (since < 0 || day - since <= MONTH || day - since > 2 * MONTH || last > since + MONTH)
        return;
    if (!(world->ties.flags[tie] & STARTING) || since != world->stores.arrival[world->ties.store[tie]])
        ledger->back_60[since]++;
}

static void count_visit(const World *world, const Ledger *ledger, int64_t surface, int64_t viewer, int64_t tie)
{
    const Ties *ties = &world->ties;
    const Audience *audience = &world->audience;
    int64_t store = ties->store[tie], by_links = world->surfaces.by_links[surface];
    uint8_t flags = ties->flags[tie];
    double fit = room_fit(world, viewer, store);
    int64_t place = (int64_t)(fit * FIT_CLASSES), knows = ties->purchases[tie] > 0 || flags & MET_OUTSIDE;
    place = place < FIT_CLASSES - 1 ? place : FIT_CLASSES - 1;
    ledger->surfaces[surface * ledger->surfaces_width + FIT] += (int64_t)(fit * FIT_UNIT + 0.5);
    ledger->stores[store * ledger->stores_width + PRIVATE_VISITS] += world->surfaces.private[surface];
    ledger->stores[store * ledger->stores_width + STRANGERS] +=
        !(flags & SUBSCRIBED) || ties->since[tie] > world->day - MONTH;
    if (viewer % audience->every == 0)
        audience->month[viewer / audience->every * audience->month_width + store] =
            (uint8_t)(world->day / MONTH + 1);
    ledger->known[((store * FIT_CLASSES + place) * 2 + knows) * 2]++;
    world->viewers.by_card[((viewer * FIT_CLASSES + place) * 2 + by_links) * 2]++;
}

static void enter_room(const World *world, const Shard *shard, int64_t row, int64_t option, int64_t slot)
{
    const Wave *wave = &shard->wave;
    const Ledger *ledger = &shard->ledger;
    const ViewerColumns *viewers = &world->viewers;
    int64_t viewer = wave->viewer[row], surface = wave->surface[row];
    int32_t store = wave->room[row * wave->room_width + option];
    int64_t *counts = ledger->stores + store * ledger->stores_width;
    int64_t *by_surface = ledger->surfaces + surface * ledger->surfaces_width;
    if (slot < 0) {
        slot = new_tie(world, ledger, viewer, store);
    } else {
        int64_t known = viewer * world->ties.store_width + slot;
        ledger->totals[KNOWN_VISITS] += world->ties.last_visit[known] != NEVER;
        count_return(world, ledger, known);
    }
    int64_t tie = viewer * world->ties.store_width + slot, outside = !(world->ties.flags[tie] & STARTING);
    world->ties.last_visit[tie] = (int16_t)world->day;
    counts[VISITS]++, counts[OUTSIDE] += outside;
    by_surface[VISITS]++, by_surface[OUTSIDE] += outside;
    viewers->last_active[viewer] = (int16_t)world->day;
    viewers->seen_on[viewer * viewers->seen_on_width + world->surfaces.platform[surface]] = (int16_t)world->day;
    viewers->rooms_today[viewer]++;
    viewers->visited_by[viewer] |= (uint64_t)1 << surface;
    wave->chosen[row] = store;
    wave->slot[row] = (uint8_t)slot;
    wave->endorsed[row] = 0.0f;
    wave->root[row] = wave->post[row] = wave->sender[row] = wave->leader[row] = -1;
    wave->by_board[row] = 0;
    count_visit(world, ledger, surface, viewer, tie);
}

ALWAYS void choose_room(const World *world, const Shard *shard, int64_t row, double *attraction)
{
    const Wave *wave = &shard->wave;
    int64_t viewer = wave->viewer[row], options = wave->options[row], base = viewer * world->ties.store_width;
    const int32_t *rooms = wave->room + row * wave->room_width;
    int64_t slots[MAX_OPTIONS];
    for (int64_t option = 0; option < options; option++) {
        int64_t slot = slots[option] = find_tie(&world->ties, viewer, rooms[option]);
        if (slot >= 0) {
            double known = exponential(world->rules.choice.trust_weight * current_trust(world, base + slot));
            attraction[option] *= world->ties.last_visit[base + slot] == world->day ? 0.0 : known;
        }
    }
    int64_t option = pick(unit(wave->luck[row]), attraction, options);
    if (option < 0 || world->viewers.rooms_today[viewer] >= world->most_rooms)
        return;
    int64_t slot = slots[option];
    wave->trust[row] = slot >= 0 ? current_trust(world, base + slot) : 0.0f;
    enter_room(world, shard, row, option, slot);
}

void choose_rooms(const World *world, const Shard *shard)
{
    const Wave *wave = &shard->wave;
    int64_t rows = wave->rows[0], at_a_time = shard->scratch.slot_rows;
    Draw draw = {world->key, CHOOSE, world->day};
    roll_rows(wave, &draw, 1);
    for (int64_t first = 0; first < rows; first += at_a_time) {
        int64_t last = first + at_a_time < rows ? first + at_a_time : rows, entry = 0;
        appraise_rooms(world, shard, first, last);
        for (int64_t row = first; row < last; row++) {
            wave->chosen[row] = NO_ROOM;
            if (wave->options[row] > 0)
                choose_room(world, shard, row, shard->scratch.attraction + entry);
            entry += wave->options[row];
        }
    }
}
