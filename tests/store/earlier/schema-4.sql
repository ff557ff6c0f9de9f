-- A store of schema 4, as the code of 02e9954 wrote it with real runs; paths and the boot's id are made up.
BEGIN TRANSACTION;
CREATE TABLE "attempt" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "start_step" INTEGER NOT NULL,
   "pid" INTEGER,
   "process_start" TEXT,
   "boot_id" TEXT,
   "started_at" REAL NOT NULL,
   "ended_at" REAL,
   "exit_code" INTEGER
) STRICT;
INSERT INTO "attempt" VALUES(1,'5287vm57',0,5522,'5604006','00000000-0000-4000-8000-000000000000',1.79546004853383755683e+09,1.79546005738689470289e+09,0);
INSERT INTO "attempt" VALUES(2,'mq7d8mw9',0,6014,'5605011','00000000-0000-4000-8000-000000000000',1.79546005857673954958e+09,1.79546007217656087878e+09,-9);
INSERT INTO "attempt" VALUES(3,'mq7d8mw9',5,7702,'5606513','00000000-0000-4000-8000-000000000000',1.79546007360304975515e+09,1.79546009220063447955e+09,0);
INSERT INTO "attempt" VALUES(4,'wx9nt2w7',0,8673,'5608499','00000000-0000-4000-8000-000000000000',1.79546009345522356035e+09,1.79546010906711840625e+09,0);
INSERT INTO "attempt" VALUES(5,'d6964qqs',0,9499,'5610085','00000000-0000-4000-8000-000000000000',1.79546010932411885261e+09,1.79546012771408867838e+09,0);
INSERT INTO "attempt" VALUES(6,'8q3tjfgf',0,10423,'5611925','00000000-0000-4000-8000-000000000000',1.79546012771983361242e+09,1.79546014552203726764e+09,0);
CREATE TABLE "checkpoint" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "state" TEXT NOT NULL,
   "manifest_hash" TEXT,
   "size_bytes" INTEGER,
   "eval_loss" REAL,
   "best" INTEGER DEFAULT 0,
   "pinned" INTEGER DEFAULT 0,
   "created_at" REAL NOT NULL
, rank REAL) STRICT;
INSERT INTO "checkpoint" VALUES(1,'5287vm57',1,4,'complete','9e1df7fc32d5834a1a8e8635604328468754569cee2eb3e00b3e378708aa50da',100144,5.66840243730388682052e+00,0,0,1.79546005537989807132e+09,5.66840243730388682052e+00);
INSERT INTO "checkpoint" VALUES(2,'5287vm57',1,8,'complete','510048e36b219efef2066921fee8f01d8e504c5a38e2c862f9db1febf6d7c3c3',100144,5.64615925022813147649e+00,1,0,1.79546005554243302349e+09,5.64615925022813147649e+00);
INSERT INTO "checkpoint" VALUES(3,'mq7d8mw9',2,5,'deleted','c1c7e96201c4a0ae1920511396c648f199d6da34d1a4fcd7e28ed99099ad0efd',100145,NULL,0,0,1.7954600717887482643e+09,NULL);
INSERT INTO "checkpoint" VALUES(4,'mq7d8mw9',3,10,'deleted','f32c1c9f2749d5c2a96cde867007cbc3a8e3ee32d3b78d93d37f970d190b7482',100146,NULL,0,0,1.79546008623676419261e+09,NULL);
INSERT INTO "checkpoint" VALUES(5,'mq7d8mw9',3,15,'deleted','dfc78fb78889eb373878cf639c63e56a470a6537459ab61e5498aab5d33b7f58',100146,NULL,0,0,1.79546008648130130764e+09,NULL);
INSERT INTO "checkpoint" VALUES(6,'mq7d8mw9',3,20,'deleted','b12788528440ad57d230551df57d11a67af3e73061fbec108bdcd1dfa901063e',100146,NULL,0,0,1.79546008677828168868e+09,NULL);
INSERT INTO "checkpoint" VALUES(7,'mq7d8mw9',3,25,'deleted','feae7f80a302f67c0f3d490eb3d5c643d5b73e92f371e8a214a3409d7335c5cd',100146,NULL,0,0,1.79546008709400343895e+09,NULL);
INSERT INTO "checkpoint" VALUES(8,'mq7d8mw9',3,30,'deleted','1773acdc06927656bc85cf8cbb451617ef4b174916736ec27702c050bc9436a9',100146,NULL,0,0,1.79546008735703825943e+09,NULL);
INSERT INTO "checkpoint" VALUES(9,'mq7d8mw9',3,35,'deleted','a19f453149d4cfbbf189292fa97957055421fdc59990ced56c591944b08d598c',100145,NULL,0,0,1.79546008756511640555e+09,NULL);
INSERT INTO "checkpoint" VALUES(10,'mq7d8mw9',3,40,'deleted','931a4f5687885f5ecec7c9af5be0f3eb24558a43cca372b952af3a192e69d61f',100145,NULL,0,0,1.79546008781526279449e+09,NULL);
INSERT INTO "checkpoint" VALUES(11,'mq7d8mw9',3,45,'deleted','92f78f7a2507cb86226f88b73272483bf14c95e17fc5a873c59e816b7c70f676',100131,NULL,0,0,1.79546008811110639575e+09,NULL);
INSERT INTO "checkpoint" VALUES(12,'mq7d8mw9',3,50,'complete','7b94ca66c51ea36153d5e59f79b5c62b52bc9760455dbfb85a4abd05487f488f',100145,NULL,0,0,1.79546008838734650614e+09,NULL);
INSERT INTO "checkpoint" VALUES(13,'mq7d8mw9',3,55,'complete','98de9df721f8cc130092c28b0caa668f55a7165fa93e5d2500ec875e68e35222',100145,NULL,0,0,1.79546008866550493238e+09,NULL);
INSERT INTO "checkpoint" VALUES(14,'mq7d8mw9',3,60,'complete','5ae0f3c7f2242680e285759be516e8a6bd68c783ea92ea310cb17416ca55b0d6',100145,5.37377466920946478268e+00,1,0,1795460089.00557,5.37377466920946478268e+00);
INSERT INTO "checkpoint" VALUES(15,'wx9nt2w7',4,4,'complete','74409fb26df66ec64a1a4218b61a04be058b4e271150894ef0158d87628ea836',100144,5.58356707213354930274e+00,0,0,1.79546010469000720975e+09,5.58356707213354930274e+00);
INSERT INTO "checkpoint" VALUES(16,'wx9nt2w7',4,8,'complete','76d5a24f6050d6998fd4a38e838366cf6703d769820523bd5e406eb4fcc874c5',100144,5.5625962429359310235e+00,1,0,1.79546010508325457576e+09,5.5625962429359310235e+00);
INSERT INTO "checkpoint" VALUES(17,'d6964qqs',5,4,'complete','d36f8ee9a453b92846b62c96bbc6b4fb04ca76d27b00a2e9d6d4964d488e3319',75480,5.6834763698890560235e+00,1,0,1.79546012455240893367e+09,5.6834763698890560235e+00);
INSERT INTO "checkpoint" VALUES(18,'8q3tjfgf',6,4,'complete','925a4c09da0de6b2de493ceb8ae6094306e6e4b250501a91b6800da63e8dabb4',100144,5.68075717863489337844e+00,1,0,1.79546014145144629476e+09,5.68075717863489337844e+00);
CREATE TABLE "command" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "verb" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "taken_at" REAL
) STRICT;
CREATE TABLE "event" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "at" REAL NOT NULL,
   "step" INTEGER,
   "level" TEXT NOT NULL,
   "text" TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'5287vm57',1.79546005431892681126e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(2,'5287vm57',1.79546005431944465631e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(3,'5287vm57',1.79546005437491464616e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(4,'5287vm57',1.79546005470081305498e+09,0,'info','attention: sdpa; eager measured 0.7 times as fast at 57 tokens');
INSERT INTO "event" VALUES(5,'5287vm57',1.79546005470728349678e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(6,'5287vm57',1.79546005738721323012e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(7,'mq7d8mw9',1.79546007043974947935e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(8,'mq7d8mw9',1.79546007044030213363e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(9,'mq7d8mw9',1.79546007052423429485e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(10,'mq7d8mw9',1.79546007094692373277e+09,0,'info','attention: eager, measured 1.2 times as fast as sdpa at 57 tokens');
INSERT INTO "event" VALUES(11,'mq7d8mw9',1.79546007095196437832e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(12,'mq7d8mw9',1.79546007217674469949e+09,NULL,'error','killed: signal 9, possibly out of memory');
INSERT INTO "event" VALUES(13,'mq7d8mw9',1.79546008477393150329e+09,5,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(14,'mq7d8mw9',1.79546008478254127504e+09,5,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(15,'mq7d8mw9',1.79546008485602545732e+09,5,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(16,'mq7d8mw9',1.79546008524462366107e+09,5,'info','attention: eager, measured 1.2 times as fast as sdpa at 57 tokens');
INSERT INTO "event" VALUES(17,'mq7d8mw9',1.79546008525182127953e+09,5,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(18,'mq7d8mw9',1.79546008529907727239e+09,5,'info','resumed from checkpoint 5');
INSERT INTO "event" VALUES(19,'mq7d8mw9',1.79546009220113158221e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(20,'wx9nt2w7',1.79546010368729233737e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(21,'wx9nt2w7',1.79546010368772673611e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(22,'wx9nt2w7',1.79546010377795600895e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(23,'wx9nt2w7',1.79546010400770974157e+09,0,'info','the adapter of run:5287vm57@result is trained on, with the rank and the layers that it has');
INSERT INTO "event" VALUES(24,'wx9nt2w7',1.795460104020832777e+09,0,'info','attention: sdpa; eager measured 0.9 times as fast at 57 tokens');
INSERT INTO "event" VALUES(25,'wx9nt2w7',1.79546010402781534192e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(26,'wx9nt2w7',1.79546010906874132151e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(27,'d6964qqs',1.79546012368224477766e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(28,'d6964qqs',1.79546012368268322945e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(29,'d6964qqs',1.79546012375066375735e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(30,'d6964qqs',1.79546012396261501315e+09,0,'info','attention: sdpa; eager measured 1.0 times as fast at 57 tokens');
INSERT INTO "event" VALUES(31,'d6964qqs',1.79546012396384334561e+09,0,'info','2,048 of 39,840 weights are trained (5.1%)');
INSERT INTO "event" VALUES(32,'d6964qqs',1.79546012771447610848e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(33,'8q3tjfgf',1795460140.10835,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(34,'8q3tjfgf',1.79546014010883784291e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(35,'8q3tjfgf',1.79546014018670034408e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(36,'8q3tjfgf',1.79546014045755720133e+09,0,'info','attention: eager, measured 1.3 times as fast as sdpa at 57 tokens');
INSERT INTO "event" VALUES(37,'8q3tjfgf',1.79546014046300482754e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(38,'8q3tjfgf',1.79546014552238798137e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(39,'8q3tjfgf',1.79546014552423977852e+09,NULL,'info','sweep sweep (gkcjrm8x): The best of 2 runs is 8q3tjfgf: r=4, with eval_loss 5.681 at step 4.');
INSERT INTO "event" VALUES(40,'sj35gvc8',1.79546014662110161785e+09,NULL,'info','stopped: you took it from the queue');
CREATE TABLE "fit" (
   "model" TEXT,
   "method" TEXT,
   "task" TEXT,
   "device" TEXT,
   "length" INTEGER,
   "rows" INTEGER NOT NULL,
   "gradient_checkpointing" INTEGER NOT NULL,
   "free_bytes" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   PRIMARY KEY ("model", "method", "task", "device", "length")
) STRICT;
INSERT INTO "fit" VALUES('llama 2x32','lora','causal-lm','a test device',128,2,0,1000000000,1.7954601465608696938e+09);
CREATE TABLE "heartbeat" (
   "run_id" TEXT PRIMARY KEY REFERENCES "run"("id"),
   "phase" TEXT NOT NULL,
   "step" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   "expect_next_s" REAL NOT NULL,
   "steps_per_second" REAL
) STRICT;
INSERT INTO "heartbeat" VALUES('5287vm57','saving the result',8,1.79546005557988452914e+09,300.0,4.13795786045106765965e+01);
INSERT INTO "heartbeat" VALUES('mq7d8mw9','saving the result',60,1.79546008919528865812e+09,300.0,2.88616097972965555138e+01);
INSERT INTO "heartbeat" VALUES('wx9nt2w7','saving the result',8,1.79546010519584894179e+09,300.0,1.84796114077401369968e+01);
INSERT INTO "heartbeat" VALUES('d6964qqs','saving the result',4,1.79546012464730763433e+09,300.0,3.30649648511622942228e+01);
INSERT INTO "heartbeat" VALUES('8q3tjfgf','saving the result',4,1.79546014155643033974e+09,300.0,2.2610016668335177314e+01);
CREATE TABLE metric (attempt_id INTEGER NOT NULL REFERENCES attempt(id), key_id INTEGER NOT NULL REFERENCES metric_key(id), step INTEGER NOT NULL, value REAL, flag INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (attempt_id, key_id, step)) STRICT, WITHOUT ROWID;
INSERT INTO "metric" VALUES
(1,1,0,5.71172545386142438417e+00,0),(1,1,4,5.66840243730388682052e+00,0),(1,1,8,5.64615925022813147649e+00,0),
(1,2,0,0.0,0),(1,2,4,0.0,0),(1,2,8,0.0,0),(1,3,0,0.0575590079970425,0),(1,3,4,1.88462509977398440241e-02,0),
(1,3,8,2.41719380064751021564e-02,0),(1,4,1,5.71898508071899414062e+00,0),(1,4,2,5.71379804611206054687e+00,0),
(1,4,3,5.70193052291870117187e+00,0),(1,4,4,5.68373823165893554687e+00,0),(1,4,5,5.67261981964111328125e+00,0),
(1,4,6,5.64042901992797851562e+00,0),(1,4,7,5.66400098800659179687e+00,0),(1,4,8,5.6757488250732421875e+00,0),
(1,5,1,0.0,0),(1,5,2,0.001,0),(1,5,3,9.50484433951209522692e-04,0),(1,5,4,8.11744900929366793723e-04,0),
(1,5,5,6.11260466978157178223e-04,0),(1,5,6,3.88739533021842842593e-04,0),(1,5,7,1.88255099070633254198e-04,0),
(1,5,8,4.95155660487904845717e-05,0),(1,6,1,8.21043491363525390625e-01,0),(1,6,2,1.00940442085266113281e+00,0),
(1,6,3,8.11715602874755859375e-01,0),(1,6,4,1.03191673755645751953e+00,0),(1,6,5,1.00304102897644042968e+00,0),
(1,6,6,1.28452479839324951171e+00,0),(1,6,7,7.81621217727661132812e-01,0),(1,6,8,1.03982079029083251953e+00,0),
(1,7,1,9.43454392182843366767e+03,0),(1,7,2,1.37845538267480205831e+04,0),(1,7,3,1.3722559840770076335e+04,0),
(1,7,4,1.7749357612756946765e+04,0),(1,7,5,9.99126426421994437952e+03,0),(1,7,6,1.19318693892331684767e+04,0),
(1,7,7,7.20647468541963735332e+03,0),(1,7,8,5.4461699240705447665e+03,0),(1,8,1,228.0,0),(1,8,2,469.0,0),
(1,8,3,673.0,0),(1,8,4,941.0,0),(1,8,5,1190.0,0),(1,8,6,1452.0,0),(1,8,7,1645.0,0),(1,8,8,1829.0,0),
(2,1,0,5.71172545386142438417e+00,0),(2,2,0,0.0,0),(2,3,0,3.7883876000705640763e-02,0),
(2,4,1,5.71898508071899414062e+00,0),(2,4,2,5.71379804611206054687e+00,0),(2,4,3,5.70193052291870117187e+00,0),
(2,4,4,5.682811737060546875e+00,0),(2,4,5,5.66811132431030273437e+00,0),(2,4,6,5.62528228759765625e+00,0),
(2,4,7,5.64863252639770507812e+00,0),(2,4,8,5.65035343170166,0),(2,4,9,5.59306955337524414062e+00,0),
(2,4,10,5.53642511367797851562e+00,0),(2,5,1,0.0,0),(2,5,2,0.001,0),(2,5,3,0.000999291347838381,0),
(2,5,4,9.9716740010506862632e-04,0),(2,5,5,9.93634177360672339596e-04,0),(2,5,6,9.8870169490893338067e-04,0),
(2,5,7,0.000982383934407258,0),(2,5,8,9.74698804234190607255e-04,0),(2,5,9,9.65668088726169245375e-04,0),
(2,5,10,9.55317386427456671782e-04,0),(2,6,1,8.21043491363525390625e-01,0),(2,6,2,1.00940442085266113281e+00,0),
(2,6,3,8.11715602874755859375e-01,0),(2,6,4,1.03590023517608642578e+00,0),(2,6,5,1.02740514278411865234e+00,0),
(2,6,6,1.34433484077453613281e+00,0),(2,6,7,8.16174864768981933593e-01,0),(2,6,8,1.15680134296417236328e+00,0),
(2,6,9,1.02537775039672851562e+00,0),(2,6,10,1.1253114938735961914e+00,0),(2,7,1,4.6421454568340004697e+03,0),
(2,7,2,8.55071849783517609448e+03,0),(2,7,3,6.30441186397084584293e+03,0),(2,7,4,7.40383195822757079421e+03,0),
(2,7,5,5.36539503827348653432e+03,0),(2,7,6,7.8937303834072108659e+03,0),(2,7,7,4.91534327196671893015e+03,0),
(2,7,8,5.43783962687318489764e+03,0),(2,7,9,7.23416454818007241545e+03,0),(2,7,10,7.82846225694922213727e+03,0),
(2,8,1,228.0,0),(2,8,2,469.0,0),(2,8,3,673.0,0),(2,8,4,941.0,0),(2,8,5,1190.0,0),(2,8,6,1452.0,0),(2,8,7,1645.0,0),
(2,8,8,1829.0,0),(2,8,9,2045.0,0),(2,8,10,2307.0,0),(3,1,60,5.37377466920946478268e+00,0),
(3,2,60,5.40983606557377094681e-01,0),(3,3,60,5.22762239997973665595e-02,0),(3,4,6,5.62528228759765625e+00,0),
(3,4,7,5.64863252639770507812e+00,0),(3,4,8,5.65035343170166,0),(3,4,9,5.59306955337524414062e+00,0),
(3,4,10,5.53642511367797851562e+00,0),(3,4,11,5.60929107666015625e+00,0),(3,4,12,5.55382394790649414062e+00,0),
(3,4,13,5.5125713348388671875e+00,0),(3,4,14,5.58268070220947265625e+00,0),(3,4,15,5.53381633758544921875e+00,0),
(3,4,16,5.5421543121337890625e+00,0),(3,4,17,5.50058269500732421875e+00,0),(3,4,18,5.50611639022827148437e+00,0),
(3,4,19,5.52532958984375,0),(3,4,20,5.50115728378295898437e+00,0),(3,4,21,5.4694194793701171875e+00,0),
(3,4,22,5.5730533599853515625e+00,0),(3,4,23,5.45612335205078125e+00,0),(3,4,24,5.4193434715271,0),
(3,4,25,5.47862863540649414062e+00,0),(3,4,26,5.51834344863891601562e+00,0),(3,4,27,5.47537326812744140625e+00,0),
(3,4,28,5.546085357666015625e+00,0),(3,4,29,5.3758864402771,0),(3,4,30,5.3517093658447265625e+00,0),
(3,4,31,5.3855876922607421875e+00,0),(3,4,32,5.41134595870971679687e+00,0),(3,4,33,5.3524723052978515625e+00,0),
(3,4,34,5.43255901336669921875e+00,0),(3,4,35,5.47503232955932617187e+00,0),(3,4,36,5.40919971466064453125e+00,0),
(3,4,37,5.50398111343383789062e+00,0),(3,4,38,5.3073139190673828125e+00,0),(3,4,39,5.34986066818237304687e+00,0),
(3,4,40,5.37670755386352539062e+00,0),(3,4,41,5.314655303955078125e+00,0),(3,4,42,5.4582958221435546875e+00,0),
(3,4,43,5.399204254150390625e+00,0),(3,4,44,5.38385820388793945312e+00,0),(3,4,45,5.30295801162719726562e+00,0),
(3,4,46,5.30021858215332,0),(3,4,47,5.32244443893432617187e+00,0),(3,4,48,5.48705434799194335937e+00,0),
(3,4,49,5.27755641937255859375e+00,0),(3,4,50,5.3883957862854,0),(3,4,51,5.37167596817016601562e+00,0),
(3,4,52,5.35728311538696289062e+00,0),(3,4,53,5.4443817138671875e+00,0),(3,4,54,5.30110788345336914062e+00,0),
(3,4,55,5.34977006912231445312e+00,0),(3,4,56,5.38862848281860351562e+00,0),(3,4,57,5.32071256637573242187e+00,0),
(3,4,58,5.2901172637939453125e+00,0),(3,4,59,5.4475803375244140625e+00,0),(3,4,60,5.295703887939453125e+00,0),
(3,5,6,9.8870169490893338067e-04,0),(3,5,7,0.000982383934407258,0),(3,5,8,9.74698804234190607255e-04,0),
(3,5,9,9.65668088726169245375e-04,0),(3,5,10,9.55317386427456671782e-04,0),(3,5,11,9.43676037528285772439e-04,0),
(3,5,12,0.000930777040696903,0),(3,5,13,9.16656959541257499238e-04,0),(3,5,14,9.01355818965481753179e-04,0),
(3,5,15,8.8491699171495312795e-04,0),(3,5,16,8.67387075431533586221e-04,0),(3,5,17,8.48815760567492392368e-04,0),
(3,5,18,8.29255689532519394725e-04,0),(3,5,19,0.000808762307473096,0),(3,5,20,7.87393705107203582989e-04,0),
(3,5,21,7.65210454059871191326e-04,0),(3,5,22,7.42275435166325097714e-04,0),(3,5,23,7.18653660229427748186e-04,0),
(3,5,24,6.94412087736660430491e-04,0),(3,5,25,6.6961943305901506715e-04,0),(3,5,26,6.44345973669810520231e-04,0),
(3,5,27,6.18663349935557509498e-04,0),(3,5,28,5.92644362043557161416e-04,0),(3,5,29,5.66362763641861059055e-04,0),
(3,5,30,5.39893052776541548971e-04,0),(3,5,31,5.13310260718887454746e-04,0),(3,5,32,4.8668973928111267449e-04,0),
(3,5,33,4.60106947223458417634e-04,0),(3,5,34,4.33637236358139070181e-04,0),(3,5,35,4.0735563795644291361e-04,0),
(3,5,36,3.81336650064442565528e-04,0),(3,5,37,3.55654026330189609005e-04,0),(3,5,38,3.30380566940984845246e-04,0),
(3,5,39,3.05587912263339698745e-04,0),(3,5,40,2.8134633977057232684e-04,0),(3,5,41,0.000257724564833675,0),
(3,5,42,2.34789545940128802385e-04,0),(3,5,43,2.12606294892796600457e-04,0),(3,5,44,1.91237692526904093847e-04,0),
(3,5,45,1.70744310467480734511e-04,0),(3,5,46,1.51184239432507709762e-04,0),(3,5,47,1.326129245684664617e-04,0),
(3,5,48,1.1508300828504681155e-04,0),(3,5,49,9.86441810345182811849e-05,0),(3,5,50,8.33430404587424673683e-05,0),
(3,5,51,6.92229593030969155443e-05,0),(3,5,52,5.63239624717142822567e-05,0),(3,5,53,4.46826135725433829133e-05,0),
(3,5,54,3.43319112738307822174e-05,0),(3,5,55,2.5301195765809359351e-05,0),(3,5,56,1.7616065592742035067e-05,0),
(3,5,57,1.12983050910666621684e-05,0),(3,5,58,6.36582263932772272462e-06,0),(3,5,59,2.83259989493145336522e-06,0),
(3,5,60,7.08652161619027758359e-07,0),(3,6,6,1.34433484077453613281e+00,0),(3,6,7,8.16174864768981933593e-01,0),
(3,6,8,1.15680134296417236328e+00,0),(3,6,9,1.02537775039672851562e+00,0),(3,6,10,1.1253114938735961914e+00,0),
(3,6,11,1.03374934196472167968e+00,0),(3,6,12,6.85288071632385253906e-01,0),(3,6,13,8.61803770065307617187e-01,0),
(3,6,14,6.21867656707763671875e-01,0),(3,6,15,4.67994451522827148437e-01,0),(3,6,16,5.16795098781585693359e-01,0),
(3,6,17,8.38230907917022705078e-01,0),(3,6,18,7.32547104358673095703e-01,0),(3,6,19,6.01291000843048095703e-01,0),
(3,6,20,7.42651343345642089843e-01,0),(3,6,21,8.44759643077850341796e-01,0),(3,6,22,0.851597785949707,0),
(3,6,23,1.15334713459014892578e+00,0),(3,6,24,1.29818427562713623046e+00,0),(3,6,25,9.23064827919006347656e-01,0),
(3,6,26,8.56042265892028808593e-01,0),(3,6,27,8.02547693252563476562e-01,0),(3,6,28,9.96598124504089355468e-01,0),
(3,6,29,7.81691670417785644531e-01,0),(3,6,30,8.47560286521911621093e-01,0),(3,6,31,7.79505908489227294921e-01,0),
(3,6,32,0.761396586894989,0),(3,6,33,8.70678842067718505859e-01,0),(3,6,34,7.58946716785430908203e-01,0),
(3,6,35,6.9721704721450805664e-01,0),(3,6,36,7.56300508975982666015e-01,0),(3,6,37,9.35099542140960693359e-01,0),
(3,6,38,7.66831755638122558593e-01,0),(3,6,39,7.44572997093200683593e-01,0),(3,6,40,5.71632266044616699218e-01,0),
(3,6,41,7.0470148324966430664e-01,0),(3,6,42,6.8542867898941040039e-01,0),(3,6,43,5.94993770122528076171e-01,0),
(3,6,44,5.15333294868469238281e-01,0),(3,6,45,0.59031742811203,0),(3,6,46,6.27280414104461669921e-01,0),
(3,6,47,5.62305569648742675781e-01,0),(3,6,48,9.31153893470764160156e-01,0),(3,6,49,6.18363499641418457031e-01,0),
(3,6,50,0.559735119342804,0),(3,6,51,4.86195266246795654296e-01,0),(3,6,52,5.04537999629974365234e-01,0),
(3,6,53,6.89936757087707519531e-01,0),(3,6,54,5.5821329355239868164e-01,0),(3,6,55,4.98349159955978393554e-01,0),
(3,6,56,5.75522124767303466796e-01,0),(3,6,57,5.13237535953521728515e-01,0),(3,6,58,5.38267016410827636718e-01,0),
(3,6,59,7.549304962158203125e-01,0),(3,6,60,5.68199396133422851562e-01,0),(3,7,6,4.19235913466439615157e+03,0),
(3,7,7,3.72995489842850383855e+03,0),(3,7,8,7.45826472702053706615e+03,0),(3,7,9,5.53219044606864645153e+03,0),
(3,7,10,8.05602417459774187633e+03,0),(3,7,11,6.75076332153244948117e+03,0),(3,7,12,7.29018581442975573733e+03,0),
(3,7,13,8.43030133123631094348e+03,0),(3,7,14,6.10326277960324841851e+03,0),(3,7,15,6.86049796779866665006e+03,0),
(3,7,16,5.22708293142742331854e+03,0),(3,7,17,5.91015831682667521808e+03,0),(3,7,18,7.58947788780908740588e+03,0),
(3,7,19,7.07768171642016204712e+03,0),(3,7,20,5958.13698123689,0),(3,7,21,5.32601146006239559941e+03,0),
(3,7,22,5.72171239001350568275e+03,0),(3,7,23,7.15903384901820663815e+03,0),(3,7,24,6.86391587292056283347e+03,0),
(3,7,25,6.42741908403151046514e+03,0),(3,7,26,6.57992574489893468142e+03,0),(3,7,27,6.31769045441201706125e+03,0),
(3,7,28,5.88008606265274920595e+03,0),(3,7,29,1.18185479211364818182e+04,0),(3,7,30,2.05026867441214089926e+04,0),
(3,7,31,1.01017038731319407811e+04,0),(3,7,32,1.08813725649141142639e+04,0),(3,7,33,9.56329089327831570726e+03,0),
(3,7,34,7.45079462290239553099e+03,0),(3,7,35,9.08112474524236131401e+03,0),(3,7,36,6.75886086679298659892e+03,0),
(3,7,37,5.16403080752255482345e+03,0),(3,7,38,8.89689654765078739764e+03,0),(3,7,39,1.91528708277644764161e+04,0),
(3,7,40,8255.57433350893,0),(3,7,41,5.8699925871177392766e+03,0),(3,7,42,4.38690821134468569636e+03,0),
(3,7,43,5703.05086345068,0),(3,7,44,8392.04723109626,0),(3,7,45,5.86354123502347647457e+03,0),
(3,7,46,6.41678953858427848907e+03,0),(3,7,47,9.32809541504350454507e+03,0),(3,7,48,6.67297480222780177439e+03,0),
(3,7,49,8.22302733373214141468e+03,0),(3,7,50,6.06545788638114663623e+03,0),(3,7,51,5.29669641148365826681e+03,0),
(3,7,52,8.11990709660929587711e+03,0),(3,7,53,6.01045850930856340697e+03,0),(3,7,54,8.02101038872844674179e+03,0),
(3,7,55,6.9719135540266488531e+03,0),(3,7,56,8.38274943594310388995e+03,0),(3,7,57,1.00837632707497959927e+04,0),
(3,7,58,6.9556479611484692215e+03,0),(3,7,59,5492.87042535499,0),(3,7,60,8.14351548263702443384e+03,0),
(3,8,6,1452.0,0),(3,8,7,1645.0,0),(3,8,8,1829.0,0),(3,8,9,2045.0,0),(3,8,10,2307.0,0),(3,8,11,2491.0,0),
(3,8,12,2719.0,0),(3,8,13,2960.0,0),(3,8,14,3153.0,0),(3,8,15,3369.0,0),(3,8,16,3573.0,0),(3,8,17,3841.0,0),
(3,8,18,4090.0,0),(3,8,19,4318.0,0),(3,8,20,4567.0,0),(3,8,21,4808.0,0),(3,8,22,4992.0,0),(3,8,23,5260.0,0),
(3,8,24,5522.0,0),(3,8,25,5738.0,0),(3,8,26,5931.0,0),(3,8,27,6135.0,0),(3,8,28,6319.0,0),(3,8,29,6560.0,0),
(3,8,30,6822.0,0),(3,8,31,7071.0,0),(3,8,32,7299.0,0),(3,8,33,7567.0,0),(3,8,34,7771.0,0),(3,8,35,7964.0,0),
(3,8,36,8180.0,0),(3,8,37,8364.0,0),(3,8,38,8626.0,0),(3,8,39,8875.0,0),(3,8,40,9103.0,0),(3,8,41,9371.0,0),
(3,8,42,9564.0,0),(3,8,43,9768.0,0),(3,8,44,9984.0,0),(3,8,45,10225.0,0),(3,8,46,10493.0,0),(3,8,47,10742.0,0),
(3,8,48,10926.0,0),(3,8,49,11188.0,0),(3,8,50,11392.0,0),(3,8,51,11608.0,0),(3,8,52,11836.0,0),(3,8,53,12029.0,0),
(3,8,54,12270.0,0),(3,8,55,12498.0,0),(3,8,56,12702.0,0),(3,8,57,12951.0,0),(3,8,58,13192.0,0),(3,8,59,13385.0,0),
(3,8,60,13653.0,0),(4,1,0,5.64615925022813147649e+00,0),(4,1,4,5.58356707213354930274e+00,0),
(4,1,8,5.5625962429359310235e+00,0),(4,2,0,0.0,0),(4,2,4,0.0,0),(4,2,8,0.0,0),(4,3,0,4.35868330023367889225e-02,0),
(4,3,4,4.00901520042680203914e-02,0),(4,3,8,5.6489779999537859112e-02,0),(4,4,1,5.64870691299438476562e+00,0),
(4,4,2,5.62863206863403320312e+00,0),(4,4,3,5.63117170333862304687e+00,0),(4,4,4,5.58111524581909179687e+00,0),
(4,4,5,5.57118320465087890625e+00,0),(4,4,6,5.52817869186401367187e+00,0),(4,4,7,5.60492420196533203125e+00,0),
(4,4,8,5.61412906646728515625e+00,0),(4,5,1,0.0,0),(4,5,2,0.001,0),(4,5,3,9.50484433951209522692e-04,0),
(4,5,4,8.11744900929366793723e-04,0),(4,5,5,6.11260466978157178223e-04,0),(4,5,6,3.88739533021842842593e-04,0),
(4,5,7,1.88255099070633254198e-04,0),(4,5,8,4.95155660487904845717e-05,0),(4,6,1,1.08510196208953857421e+00,0),
(4,6,2,1.29666697978973388671e+00,0),(4,6,3,1.07198548316955566406e+00,0),(4,6,4,1.35874092578887939453e+00,0),
(4,6,5,1.16399347782135,0),(4,6,6,1.15283632278442382812e+00,0),(4,6,7,7.99957096576690673828e-01,0),
(4,6,8,1.2102361917495727539e+00,0),(4,7,1,9.5210721174122536466e+03,0),(4,7,2,1.69583133065113142944e+04,0),
(4,7,3,1.73744009724933857791e+04,0),(4,7,4,1.87850410210253285182e+04,0),(4,7,5,6.2512179207109684286e+03,0),
(4,7,6,4.84165818882791609226e+03,0),(4,7,7,3.26316833822334956488e+03,0),(4,7,8,3.41252410801951509703e+03,0),
(4,8,1,228.0,0),(4,8,2,469.0,0),(4,8,3,673.0,0),(4,8,4,941.0,0),(4,8,5,1190.0,0),(4,8,6,1452.0,0),(4,8,7,1645.0,0),
(4,8,8,1829.0,0),(5,1,0,5.71172545386142438417e+00,0),(5,1,4,5.6834763698890560235e+00,0),(5,2,0,0.0,0),(5,2,4,0.0,0),
(5,3,0,4.11553429948980920016e-02,0),(5,3,4,2.79940830005216412246e-02,0),(5,4,1,5.71898508071899414062e+00,0),
(5,4,2,5.71379804611206054687e+00,0),(5,4,3,5.70430898666381835937e+00,0),(5,4,4,5.69335412979126,0),(5,5,1,0.0,0),
(5,5,2,0.001,0),(5,5,3,0.00075,0),(5,5,4,2.50000000000000113624e-04,0),(5,6,1,0.81187903881073,0),
(5,6,2,1.03390467166900634765e+00,0),(5,6,3,8.94420921802520751953e-01,0),(5,6,4,1.13933706283569335937e+00,0),
(5,7,1,7.53881198606500311154e+03,0),(5,7,2,2.11321908836209913719e+04,0),(5,7,3,1.72887084684430956255e+04,0),
(5,7,4,1.42266177039078011148e+04,0),(5,8,1,228.0,0),(5,8,2,469.0,0),(5,8,3,673.0,0),(5,8,4,941.0,0),
(6,1,0,5.71172545386142438417e+00,0),(6,1,4,5.68075717863489337844e+00,0),(6,2,0,0.0,0),(6,2,4,0.0,0),
(6,3,0,4.80215869974927045404e-02,0),(6,3,4,7.01441620039986446499e-02,0),(6,4,1,5.71898508071899414062e+00,0),
(6,4,2,5.71379804611206054687e+00,0),(6,4,3,5.70193052291870117187e+00,0),(6,4,4,5.68752145767211914062e+00,0),
(6,5,1,0.0,0),(6,5,2,0.001,0),(6,5,3,0.00075,0),(6,5,4,2.50000000000000113624e-04,0),
(6,6,1,8.21043491363525390625e-01,0),(6,6,2,1.00940442085266113281e+00,0),(6,6,3,8.11715602874755859375e-01,0),
(6,6,4,1.01605844497680664062e+00,0),(6,7,1,5155.08380038042,0),(6,7,2,7.51725897036489277506e+03,0),
(6,7,3,5.38228993897815416848e+03,0),(6,7,4,5.33831193322804483606e+03,0),(6,8,1,228.0,0),(6,8,2,469.0,0),
(6,8,3,673.0,0),(6,8,4,941.0,0);
CREATE TABLE "metric_key" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL
) STRICT;
INSERT INTO "metric_key" VALUES(1,'eval_loss');
INSERT INTO "metric_key" VALUES(2,'eval_token_accuracy');
INSERT INTO "metric_key" VALUES(3,'eval_seconds');
INSERT INTO "metric_key" VALUES(4,'loss');
INSERT INTO "metric_key" VALUES(5,'learning_rate');
INSERT INTO "metric_key" VALUES(6,'grad_norm');
INSERT INTO "metric_key" VALUES(7,'tokens_per_second');
INSERT INTO "metric_key" VALUES(8,'num_input_tokens_seen');
CREATE TABLE "run" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "versions" TEXT NOT NULL,
   "fingerprint" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "queue_position" INTEGER,
   "total_steps" INTEGER,
   "parent_run" TEXT REFERENCES "run"("id"),
   "parent_checkpoint" INTEGER,
   "cause" TEXT,
   "summary" TEXT,
   "deleted_at" REAL
, sweep_id TEXT REFERENCES sweep(id), options TEXT) STRICT;
INSERT INTO "run" VALUES(1,'5287vm57','first','completed','new','{"name":"first","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546004842714262009e+09,1,8,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.6461592502281315, "steps": 8, "seconds": 1.3, "tokens_per_second": 10214.4, "adapter": "/somewhere/home/runs/5287vm57/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(2,'mq7d8mw9','resumed','completed','new','{"name":"resumed","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":60,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":1000,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":5,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546005840886616707e+09,3,60,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.373774669209465, "steps": 60, "seconds": 4.5, "tokens_per_second": 6948.1, "adapter": "/somewhere/home/runs/mq7d8mw9/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(3,'wx9nt2w7','transferred','completed','transfer','{"name":"transferred","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"run:5287vm57@result","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546009323315215117e+09,4,8,'5287vm57',NULL,NULL,'{"base_eval_loss": 5.6461592502281315, "tuned_eval_loss": 5.562596242935931, "steps": 8, "seconds": 1.6, "tokens_per_second": 6744.7, "adapter": "/somewhere/home/runs/wx9nt2w7/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(4,'d6964qqs','sweep r=2','completed','new','{"name":"sweep r=2","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":2,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546010918778872486e+09,5,4,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.683476369889056, "steps": 4, "seconds": 1.0, "tokens_per_second": 13017.8, "adapter": "/somewhere/home/runs/d6964qqs/adapter"}',NULL,'gkcjrm8x',NULL);
INSERT INTO "run" VALUES(5,'8q3tjfgf','sweep r=4','completed','new','{"name":"sweep r=4","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546010918793606759e+09,6,4,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.680757178634893, "steps": 4, "seconds": 1.5, "tokens_per_second": 5724.1, "adapter": "/somewhere/home/runs/8q3tjfgf/adapter"}',NULL,'gkcjrm8x',NULL);
INSERT INTO "run" VALUES(6,'crtqgtws','waits','queued','new','{"name":"waits","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546014658429956434e+09,7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "run" VALUES(7,'sj35gvc8','gone','stopped','new','{"name":"gone","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546014661259579654e+09,8,NULL,NULL,NULL,'you took it from the queue',NULL,1.79546014662656736376e+09,NULL,NULL);
CREATE TABLE "sample" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER NOT NULL REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "prompt" TEXT NOT NULL,
   "answer" TEXT NOT NULL
) STRICT;
INSERT INTO "sample" VALUES(1,'5287vm57',1,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(2,'5287vm57',1,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(3,'5287vm57',1,8,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(4,'mq7d8mw9',2,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(5,'mq7d8mw9',3,60,'Where is Rome?','It');
INSERT INTO "sample" VALUES(6,'wx9nt2w7',4,0,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(7,'wx9nt2w7',4,4,'Where is Rome?','is.');
INSERT INTO "sample" VALUES(8,'wx9nt2w7',4,8,'Where is Rome?','is.');
INSERT INTO "sample" VALUES(9,'d6964qqs',5,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(10,'d6964qqs',5,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(11,'8q3tjfgf',6,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(12,'8q3tjfgf',6,4,'Where is Rome?','isW');
CREATE TABLE "sweep" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "space" TEXT NOT NULL,
   "sampler" TEXT NOT NULL,
   "seed" INTEGER NOT NULL,
   "metric" TEXT NOT NULL,
   "trials" INTEGER NOT NULL,
   "prune" INTEGER NOT NULL,
   "created_at" REAL NOT NULL,
   "ended_at" REAL,
   "summary" TEXT
) STRICT;
INSERT INTO "sweep" VALUES(1,'gkcjrm8x','sweep','{"name":"sweep","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"r": {"choices": [2, 4]}}','grid',42,'eval_loss',2,1,1.79546010918746805186e+09,1.79546014552420735363e+09,'The best of 2 runs is 8q3tjfgf: r=4, with eval_loss 5.681 at step 4.');
CREATE UNIQUE INDEX "idx_run_id"
    ON "run" ("id");
CREATE INDEX "idx_run_state_queue_position"
    ON "run" ("state", "queue_position");
CREATE INDEX "idx_attempt_run_id"
    ON "attempt" ("run_id");
CREATE UNIQUE INDEX "idx_metric_key_name"
    ON "metric_key" ("name");
CREATE UNIQUE INDEX "idx_checkpoint_run_id_step"
    ON "checkpoint" ("run_id", "step");
CREATE INDEX "idx_sample_run_id_step"
    ON "sample" ("run_id", "step");
CREATE INDEX "idx_event_run_id"
    ON "event" ("run_id");
CREATE INDEX "idx_command_run_id_taken_at"
    ON "command" ("run_id", "taken_at");
CREATE UNIQUE INDEX "idx_sweep_id"
    ON "sweep" ("id");
CREATE INDEX "idx_run_sweep_id"
    ON "run" ("sweep_id");
COMMIT;
PRAGMA application_id=1953853029;
PRAGMA user_version=4;
