/* MQTT 3.1.1 inside binary WebSocket messages: one packet in each. */
#ifndef RAUTE_BENCH_MQTT_H
#define RAUTE_BENCH_MQTT_H

#include "bench/load/phone.h"

/* Steps: STEP_MQTT_CONNECT, STEP_MQTT_SUBSCRIBE. */
bool mqtt_connect(struct phone *phone);
bool mqtt_subscribe(struct phone *phone);
step_receive mqtt_connect_receive, mqtt_subscribe_receive;

#endif
