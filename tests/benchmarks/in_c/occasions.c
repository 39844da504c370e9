/* Occasions of a day: `behaviour/occasions.py`, without appointments, which the scenario has not. */
#include "luck.h"

ALWAYS void begin_row(const Wave *wave, int64_t row, int64_t viewer, int64_t number, uint8_t surface)
{
    wave->viewer[row] = (int32_t)viewer;
    wave->occasion[row] = (int16_t)number;
    wave->surface[row] = surface;
    wave->options[row] = 0;
}

static void count_occasions(const World *world, const Scratch *scratch, int64_t first, int64_t count,
                            int64_t platform, int64_t most)
{
    double openings = world->pull.openings[platform], strength = world->rules.market.habit_strength;
    double *restrict rate = scratch->rate, *restrict chance = scratch->chance;
    double *restrict below = scratch->below, *restrict number = scratch->occasions;
    const uint32_t *restrict luck = scratch->luck;
    const float *restrict activity = world->viewers.activity + first;
    int64_t width = world->viewers.habit_width;
    const float *restrict habit = world->viewers.habit + first * width + platform;
    for (int64_t i = 0; i < count; i++)
        rate[i] = activity[i] * (openings * (1.0 + strength * habit[i * width]));
    for (int64_t i = 0; i < count; i++) {
        chance[i] = below[i] = exponential(-rate[i]);
        number[i] = 0.0;
    }
    for (int64_t occasion = 1; occasion <= most; occasion++)
        for (int64_t i = 0; i < count; i++) {
            number[i] += unit(luck[i]) > below[i] ? 1.0 : 0.0;
            chance[i] *= rate[i] / (double)occasion;
            below[i] += chance[i];
        }
}

static void roll_span(const World *world, const Scratch *scratch, int64_t begin, int64_t count,
                      int64_t platform)
{
    uint32_t *restrict one = scratch->luck, *restrict two = one + scratch->luck_width;
    uint32_t *restrict three = two + scratch->luck_width, *restrict four = three + scratch->luck_width;
    uint64_t key = world->key;
    uint32_t day = (uint32_t)world->day;
    for (int64_t i = 0; i < count; i++) {
        Words words = philox(key, (uint32_t)(begin + i), (uint32_t)platform, day, OCCASIONS_OF_A_DAY);
        one[i] = words.a, two[i] = words.b, three[i] = words.c, four[i] = words.d;
    }
}

static void open_platform(const World *world, const Shard *shard, int64_t begin, int64_t count,
                          int64_t platform, int64_t most)
{
    const Wave *wave = &shard->wave;
    const Scratch *scratch = &shard->scratch;
    const double *restrict cumulative = world->pull.cumulative;
    const uint8_t *restrict by_links = world->surfaces.by_links;
    int64_t first = world->surfaces.first[platform], last = world->surfaces.first[platform + 1];
    int64_t row = wave->rows[0], all = 0, apps = world->viewers.share_left_width;
    roll_span(world, scratch, begin, count, platform);
    count_occasions(world, scratch, begin, count, platform, most);
    for (int64_t i = 0; i < count; i++) {
        int64_t viewer = begin + i, occasions = (int64_t)scratch->occasions[i];
        all += occasions;
        for (int64_t occasion = 0; occasion < occasions; occasion++) {
            int64_t number = platform * OF_A_PLATFORM + occasion, surface = first;
            double luck = occasion < 3
                ? unit(scratch->luck[(occasion + 1) * scratch->luck_width + i])
                : uniform(world->key, OCCASIONS_OF_A_DAY, world->day, viewer, BEYOND_THREE + number);
            for (int64_t earlier = first; earlier < last - 1; earlier++)
                surface += luck >= cumulative[earlier];
            uint8_t saved = by_links[surface];
            world->viewers.share_left[viewer * apps + platform] += saved;
            begin_row(wave, row, viewer, number, (uint8_t)surface);
            row += 1 - saved;
        }
    }
    wave->rows[0] = row;
    shard->ledger.totals[OCCASIONS] += all;
}

static void look_for_notices(const World *world, const Shard *shard, int64_t viewer, int64_t platform)
{
    const Ties *ties = &world->ties;
    const Pull *pull = &world->pull;
    double in_groups = 0.0, from_app = 0.0;
    for (int64_t tie = viewer * ties->store_width; tie < (viewer + 1) * ties->store_width; tie++) {
        int32_t store = ties->store[tie];
        uint8_t flags = ties->flags[tie];
        if (store == EMPTY || (flags & (SUBSCRIBED | MUTED)) != SUBSCRIBED ||
            world->stores.platform[store] != platform)
            continue;
        if (flags & MEMBER)
            in_groups += world->stores.pushing[store];
        if (flags & FOLLOWER)
            from_app += world->stores.live[store];
    }
    uint8_t groups = pull->groups_on[platform], followed = pull->follow_on[platform];
    in_groups *= groups != NO_SURFACE ? pull->opens[groups] : 0.0;
    from_app = from_app * pull->notices[platform] * (followed != NO_SURFACE ? 1.0 : 0.0);
    double waiting = in_groups + from_app;
    if (waiting <= 0.0)
        return;
    double luck = uniform(world->key, LOOK_FOR_NOTICES, world->day, viewer, platform);
    double chance = 1.0 - exponential(-world->rules.attention.notice_pull * waiting);
    if (luck < chance) {
        uint8_t surface = luck * waiting < chance * in_groups ? groups : followed;
        begin_row(&shard->wave, shard->wave.rows[0]++, viewer, platform * OF_A_PLATFORM + FOR_NOTICES, surface);
        shard->ledger.totals[OCCASIONS]++;
    }
}

/* A counting sort of the rows from `first_row` on. */
static void in_order_of_viewers(const Wave *wave, const Scratch *scratch, int64_t begin, int64_t count,
                                int64_t first_row)
{
    int32_t *restrict number = scratch->viewer, *restrict place = scratch->slot, start = 0;
    int64_t rows = wave->rows[0] - first_row;
    const int32_t *restrict viewer = wave->viewer + first_row;
    memset(number, 0, (size_t)count * sizeof *number);
    for (int64_t row = 0; row < rows; row++)
        number[viewer[row] - begin]++;
    for (int64_t i = 0; i < count; i++) {
        place[i] = start;
        start += number[i];
    }
    for (int64_t row = 0; row < rows; row++) {
        int64_t at = place[viewer[row] - begin]++;
        scratch->attraction[at] = wave->occasion[first_row + row] * 256.0 + wave->surface[first_row + row];
    }
    for (int64_t i = 0, row = 0; i < count; i++)
        for (int32_t each = 0; each < number[i]; each++, row++) {
            int64_t kept = (int64_t)scratch->attraction[row];
            begin_row(wave, first_row + row, begin + i, kept >> 8, (uint8_t)(kept & 255));
        }
}

void hand_out_occasions(const World *world, const Shard *shard, int64_t most)
{
    const Scratch *scratch = &shard->scratch;
    int64_t platforms = world->pull.openings_rows, apps = world->viewers.share_left_width;
    int64_t viewers = shard->last - shard->first, at_a_time = scratch->occasions_rows;
    int64_t room = scratch->attraction_rows / (platforms * (most + 1) + 1);
    int notices = world->rules.attention.notice_pull > 0.0;
    at_a_time = room < at_a_time ? room : at_a_time;
    at_a_time = at_a_time > 1 ? at_a_time : 1;
    shard->wave.rows[0] = 0;
    memset(world->viewers.share_left + shard->first * apps, 0, (size_t)(viewers * apps));
    memset(world->viewers.rooms_today + shard->first, 0, (size_t)viewers);
    for (int64_t begin = shard->first; begin < shard->last; begin += at_a_time) {
        int64_t first_row = shard->wave.rows[0];
        int64_t count = shard->last - begin < at_a_time ? shard->last - begin : at_a_time;
        for (int64_t turn = 0; turn < platforms; turn++)
            open_platform(world, shard, begin, count, world->pull.turns[turn], most);
        for (int64_t viewer = begin; notices && viewer < begin + count; viewer++)
            if (world->viewers.fan_ties[viewer] > 0)
                for (int64_t platform = 0; platform < platforms; platform++)
                    look_for_notices(world, shard, viewer, platform);
        if (notices || platforms > 1)
            in_order_of_viewers(&shard->wave, scratch, begin, count, first_row);
    }
}
